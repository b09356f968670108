package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.auth.TestBrowser.Answer;
import org.junit.jupiter.api.Test;

/** What is said by a proxy in front, and when it is believed. */
class ProxyTest {
  private static TestSite site(boolean behindProxy) {
    TestSite.Setup setup = new TestSite.Setup();
    setup.behindProxy = behindProxy;
    return setup.start();
  }

  private static Answer login(TestBrowser browser) {
    browser.get("/");
    return browser.login("ann@example.com", "carillon");
  }

  @Test
  void cookiesAreSecureWhenATrustedProxySaysTls() {
    try (TestSite site = site(true)) {
      Answer login = login(site.browser().with("X-Forwarded-Proto", "https"));
      Answer plain = login(site.browser().with("X-Forwarded-Proto", "https, http"));

      assertThat(login.setCookie("carillon_session"))
          .contains("Secure")
          .containsIgnoringCase("HttpOnly");
      assertThat(login.setCookie("XSRF-TOKEN")).contains("Secure");
      assertThat(plain.setCookie("carillon_session")).doesNotContain("Secure");
    }
  }

  @Test
  void anybodyElsesWordCountsForNothing() {
    try (TestSite site = site(false)) {
      assertThat(
              login(site.browser().with("X-Forwarded-Proto", "https"))
                  .setCookie("carillon_session"))
          .isNotEmpty()
          .doesNotContain("Secure");
      for (int i = 0; i < 5; i++) {
        fail(site, "10.0.0." + i);
      }
      assertThat(fail(site, "10.0.0.9")).isEqualTo(429);
    }
  }

  @Test
  void failuresCountByTheAddressThatTheProxySaw() {
    try (TestSite site = site(true)) {
      for (int i = 0; i < 5; i++) {
        // What stands further left is the client's own word.
        assertThat(fail(site, "10.9.9." + i + ", 10.0.0.1")).isEqualTo(401);
      }

      assertThat(fail(site, "10.0.0.1")).isEqualTo(429);
      assertThat(fail(site, "10.0.0.1:4711, 127.0.0.1")).isEqualTo(429);
      assertThat(fail(site, "10.0.0.2")).isEqualTo(401);
      assertThat(fail(site, "2001:db8::1")).isEqualTo(401);
      assertThat(fail(site, "no-address, x")).isEqualTo(401);
    }
  }

  private static int fail(TestSite site, String forwardedFor) {
    TestBrowser browser = site.browser().with("X-Forwarded-For", forwardedFor);
    browser.get("/");
    return browser.login("ben@example.com", "wrong").status();
  }
}
