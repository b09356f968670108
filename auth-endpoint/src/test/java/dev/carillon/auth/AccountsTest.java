package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.auth.TestBrowser.Answer;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AccountsTest {
  private static final Map<String, String> ANN =
      Map.of("email", "ann@example.com", "password", "carillon");
  @AutoClose private static final TestSite site = TestSite.start();

  private static TestBrowser atThePage() {
    TestBrowser browser = site.browser();
    browser.get("/");
    return browser;
  }

  @Test
  void rightPasswordSignsIn() {
    TestBrowser browser = atThePage();

    Answer login = browser.postJson("/login", ANN);

    assertThat(login.status()).isEqualTo(200);
    assertThat(browser.get("/api/me").json().path("name").textValue()).isEqualTo("Ann");
    assertThat(browser.get("/api/me").json().path("id").textValue()).isEqualTo("1");
    assertThat(browser.get("/api/teams").body()).isEqualTo("[{\"id\":\"1\",\"name\":\"Design\"}]");
  }

  @Test
  void sessionCookieIsOutOfReachForScriptsAndOtherSites() {
    String cookie = atThePage().postJson("/login", ANN).setCookie("carillon_session");

    assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Lax").contains("Path=/");
  }

  @Test
  void wrongPasswordAndUnknownEmailAreAnsweredAlike() {
    TestBrowser browser = atThePage();

    Answer wrong = browser.login("ben@example.com", "wrong");
    Answer unknown = browser.login("nobody@example.com", "carillon");

    assertThat(wrong.status()).isEqualTo(401);
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.body()).isEqualTo(wrong.body());
  }

  @Test
  void missingPasswordIsAnswered422() {
    Answer answer = atThePage().postJson("/login", Map.of("email", "ann@example.com"));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").path("password").path(0).textValue())
        .isEqualTo("The password field is required.");
  }

  @Test
  void formIsSentBackToThePage() {
    TestBrowser browser = atThePage();

    Answer wrong = browser.postForm("/login", Map.of("email", "a@example.com", "password", "x"));
    Answer right = browser.postMultipart("/login", ANN);
    Answer out = browser.postForm("/logout", Map.of());

    assertThat(wrong).returns(303, Answer::status);
    assertThat(wrong.header("location")).isEqualTo("/?login=failed");
    assertThat(right).returns(303, Answer::status);
    assertThat(right.header("location")).isEqualTo("/");
    assertThat(out.header("location")).isEqualTo("/");
    assertThat(browser.get("/api/me").status()).isEqualTo(401);
  }

  @Test
  void apiAnswers401UnlessSomebodyIsSignedIn() {
    assertThat(site.browser().get("/api/me").status()).isEqualTo(401);
    assertThat(site.browser().get("/api/teams").status()).isEqualTo(401);
  }

  @Test
  void cookieKeptFromBeforeSigningOutIsRefused() {
    TestBrowser ann = site.signedIn("ann");
    TestBrowser thief = site.browser();
    thief.cookies.putAll(ann.cookies);
    assertThat(thief.get("/api/me").status()).isEqualTo(200);

    Answer out = ann.postJson("/logout", Map.of());

    assertThat(out.status()).isEqualTo(200);
    assertThat(out.setCookie("carillon_session")).contains("Max-Age=0");
    assertThat(thief.get("/api/me").status()).isEqualTo(401);
    assertThat(thief.postJson("/api/presence/status", Map.of("status", "busy")).status())
        .isEqualTo(401);
    assertThat(thief.postAsPusher("/broadcasting/user-auth", Map.of("socket_id", "1.2")).status())
        .isEqualTo(403);
  }

  @Test
  void signingInMakesANewSessionAndEndsTheOldOne() {
    TestBrowser browser = site.signedIn("ann");
    TestBrowser old = site.browser();
    old.cookies.putAll(browser.cookies);

    browser.login("ann@example.com", "carillon");

    assertThat(browser.cookies.get("carillon_session"))
        .isNotEqualTo(old.cookies.get("carillon_session"));
    assertThat(browser.get("/api/me").status()).isEqualTo(200);
    assertThat(old.get("/api/me").status()).isEqualTo(401);
  }

  @Test
  void sessionsOutliveARestart() {
    TestBrowser ann = site.signedIn("ann");

    try (TestSite again = TestSite.start()) {
      TestBrowser later = again.browser();
      later.cookies.putAll(ann.cookies);

      assertThat(later.get("/api/me").status()).isEqualTo(200);
    }
  }

  @Test
  void cookieThatWasChangedIsRefused() {
    TestBrowser ann = site.signedIn("ann");
    String cookie = ann.cookies.get("carillon_session");

    for (String changed :
        new String[] {"Mg" + cookie.substring(2), cookie + "x", "a.b.c.d", "...", "x", "%00"}) {
      ann.cookies.put("carillon_session", changed);

      assertThat(ann.get("/api/me").status()).as(changed).isEqualTo(401);
    }
  }

  @Test
  void sixthFailureInAMinuteIsAnswered429ForThatEmailOnly() {
    TestBrowser browser = atThePage();
    for (int i = 0; i < 5; i++) {
      assertThat(browser.login("dan@example.com", "wrong").status()).isEqualTo(401);
    }

    Answer sixth = browser.login("Dan@example.com", "carillon");

    assertThat(sixth.status()).isEqualTo(429);
    assertThat(sixth.header("retry-after")).matches("[0-9]{1,2}");
    assertThat(browser.postForm("/login", Map.of("email", "dan@example.com", "password", "x")))
        .satisfies(a -> assertThat(a.header("location")).isEqualTo("/?login=throttled"));
    assertThat(browser.login("cat@example.com", "carillon").status()).isEqualTo(200);
  }

  @Test
  void rightLoginsAreNotCounted() {
    for (int i = 0; i < 12; i++) {
      assertThat(atThePage().postJson("/login", ANN).status()).isEqualTo(200);
    }
  }
}
