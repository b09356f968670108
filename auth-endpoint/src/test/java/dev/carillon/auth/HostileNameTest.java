package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.auth.TestBrowser.Answer;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.user.Avatar;
import dev.carillon.auth.user.Team;
import dev.carillon.auth.user.User;
import dev.carillon.auth.user.UserDirectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostileNameTest {
  private static final String NAME = "\"},\"admin\":true,{\"</script><img src=x onerror=alert(1)>";
  private static final String ID = "7.x\n\"é";

  /** One user, whose name and id are what nobody should be called. */
  private static final class Hostile implements UserDirectory {
    private final User user = new User(ID, NAME, "x@example.com", Avatar.of(ID, NAME).path());

    @Override
    public Optional<User> find(String id) {
      return Optional.of(user).filter(u -> u.id().equals(id));
    }

    @Override
    public Optional<User> verify(String email, String password) {
      return Optional.of(user);
    }

    @Override
    public List<Team> teamsOf(String userId) {
      return List.of();
    }

    @Override
    public List<User> membersOf(String teamId) {
      return List.of();
    }
  }

  @Test
  void hostileNamesAreOnlyText() {
    List<ChannelRule> rules =
        List.of(
            new ChannelRule("presence-closed", "nobody"),
            new ChannelRule("presence-{room}", "any-user"));
    try (TestSite site = TestSite.start(rules, new Hostile())) {
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
