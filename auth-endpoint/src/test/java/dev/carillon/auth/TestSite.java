package dev.carillon.auth;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.config.ServerAddress;
import dev.carillon.auth.user.SampleUsers;
import dev.carillon.auth.user.UserDirectory;
import dev.carillon.protocol.auth.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A running endpoint on a free port. */
final class TestSite implements AutoCloseable {
  static final Credentials APP = new Credentials("app-key", "app-secret");

  private final AuthEndpoint endpoint;

  private TestSite(AuthEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  static TestSite start() {
    return start(ChannelRule.DEFAULTS, new SampleUsers());
  }

  static TestSite start(List<ChannelRule> rules, UserDirectory directory) {
    AuthConfig config = new AuthConfig("127.0.0.1", 0, APP, ServerAddress.sameHost(6001), rules);
    AuthEndpoint endpoint = new AuthEndpoint(config, directory);
    try {
      endpoint.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TestSite(endpoint);
  }

  int port() {
    return endpoint.port();
  }

  /** A browser that has opened nothing yet. */
  TestBrowser browser() {
    return new TestBrowser(port());
  }

  /** A browser that user is signed in with. */
  TestBrowser signedIn(String name) {
    TestBrowser browser = browser();
    browser.get("/");
    browser.login(name + "@example.com", SampleUsers.PASSWORD);
    return browser;
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
