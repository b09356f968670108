package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.auth.TestBrowser.Answer;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CsrfTest {
  private static final String LOGIN = "email=ann%40example.com&password=carillon";
  @AutoClose private static final TestSite site = TestSite.start();

  private static Answer loginWithoutToken(TestBrowser browser) {
    return browser.send("POST", "/login", TestBrowser.FORM, LOGIN, false);
  }

  @Test
  void everyAnswerSetsATokenThatScriptsCanRead() {
    for (String path : new String[] {"/", "/api/me", "/nowhere", "/assets/app.js"}) {
      String cookie = site.browser().get(path).setCookie("XSRF-TOKEN");

      assertThat(cookie).as(path).contains("SameSite=Lax").doesNotContain("HttpOnly");
    }
  }

  @Test
  void loginWithoutATokenIsRefused() {
    TestBrowser browser = site.browser();
    browser.get("/");

    Answer answer = loginWithoutToken(browser);

    assertThat(answer.status()).isEqualTo(419);
    assertThat(answer.message()).isEqualTo("CSRF token mismatch.");
  }

  @Test
  void tokenOfTheLoginIsGoodForTheNextCall() {
    TestBrowser browser = site.browser();
    browser.get("/");
    String before = browser.cookies.get("XSRF-TOKEN");

    browser.login("ann@example.com", "carillon");

    assertThat(browser.cookies.get("XSRF-TOKEN")).isNotEqualTo(before);
    assertThat(browser.postJson("/logout", Map.of()).status()).isEqualTo(200);
  }

  @Test
  void tokenStaysTheSameWithinASession() {
    TestBrowser ann = site.signedIn("ann");
    String token = ann.cookies.get("XSRF-TOKEN");

    ann.get("/api/me");

    assertThat(ann.cookies.get("XSRF-TOKEN")).isEqualTo(token);
  }

  @Test
  void tokenOfAnotherSessionIsRefused() {
    TestBrowser ann = site.signedIn("ann");
    ann.cookies.put("XSRF-TOKEN", site.signedIn("ben").cookies.get("XSRF-TOKEN"));

    assertThat(ann.postJson("/logout", Map.of()).status()).isEqualTo(419);
  }

  @Test
  void headerThatIsNotTheCookieIsRefused() {
    TestBrowser ann = site.signedIn("ann");

    ann.with("X-XSRF-TOKEN", site.signedIn("ann").cookies.get("XSRF-TOKEN"));

    assertThat(ann.send("POST", "/logout", TestBrowser.FORM, "a=b", false).status()).isEqualTo(419);
  }

  @Test
  void tokenMayBeAFieldOfTheForm() {
    TestBrowser browser = site.browser();
    browser.get("/");
    String body = LOGIN + "&_token=" + browser.cookies.get("XSRF-TOKEN");

    assertThat(browser.send("POST", "/login", TestBrowser.FORM, body, false).status())
        .isEqualTo(303);
  }

  @Test
  void ownOriginPassesAndAnotherDoesNot() {
    String own = "http://127.0.0.1:" + site.port();

    assertThat(loginWithoutToken(site.browser().with("Origin", own)).status()).isEqualTo(303);
    for (String other :
        new String[] {"http://127.0.0.1:1", "http://evil.example", "null", own + "0"}) {
      assertThat(loginWithoutToken(site.browser().with("Origin", other)).status())
          .as(other)
          .isEqualTo(419);
    }
  }
}
