package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.auth.TestBrowser.Answer;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.password.Argon2Hash;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostileNameTest {
  private static final String NAME = "\"},\"admin\":true,{\"</script><img src=x onerror=alert(1)>";
  private static final String ID = "7.x\n\"é";

  @Test
  void hostileNamesAreOnlyText() {
    List<ChannelRule> rules =
        List.of(
            new ChannelRule("presence-closed", "nobody"),
            new ChannelRule("presence-{room}", "any-user"));
    TestSite.Setup setup = new TestSite.Setup();
    setup.rules = rules;
    setup.sampleData = false;
    try (TestSite site = setup.start()) {
      site.sql(
          "INSERT INTO users (id, name, email, password) VALUES (?, ?, ?, ?)",
          ID,
          NAME,
          "x@example.com",
          Argon2Hash.of("carillon").text());
      TestBrowser browser = site.signedIn("x");

      JsonNode me = browser.get("/api/me").json();
      Answer auth = join(browser, "presence-lobby");

      assertThat(me.path("name").textValue()).isEqualTo(NAME);
      assertThat(me.has("admin")).isFalse();
      JsonNode member = Answer.parse(auth.json().path("channel_data").textValue());
      assertThat(member.path("user_id").textValue()).isEqualTo(ID);
      assertThat(member.path("user_info").path("name").textValue()).isEqualTo(NAME);
      assertThat(browser.get(me.path("avatar").textValue()).status()).isEqualTo(200);
      assertThat(join(browser, "presence-closed").status()).isEqualTo(403);
      assertThat(browser.get("/settings.json").json().path("samples")).isEmpty();
    }
  }

  private static Answer join(TestBrowser browser, String channel) {
    return browser.postAsPusher(
        "/broadcasting/auth", Map.of("socket_id", "1.2", "channel_name", channel));
  }
}
