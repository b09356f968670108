package dev.carillon.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.auth.Credentials;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthConfigTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static AuthConfig on(String host, int port) {
    return new AuthConfig(
        host,
        port,
        new Credentials("key", "secret"),
        ServerAddress.sameHost(6001),
        new StatusServer(URI.create("http://127.0.0.1:8080"), "app"),
        List.of(),
        DatabaseConfig.inMemory("x"),
        null,
        address -> false,
        false);
  }

  private static JwtConfig jwt(String url, String secret, String... algorithms) {
    return new JwtConfig(
        url.isEmpty() ? null : URI.create(url),
        secret,
        "issuer",
        "audience",
        List.of(algorithms),
        "sub",
        JwtConfig.UserBy.ID);
  }

  @Test
  void hostAndPortAreChecked() {
    assertThatThrownBy(() -> on("", 1)).hasMessageContaining("host: got nothing");
    assertThatThrownBy(() -> on("x", 65_536)).hasMessageContaining("port: got 65536");
  }

  @Test
  void databaseIsOneOfTheTwoKindsAndShowsNoPassword() {
    DatabaseConfig postgres =
        new DatabaseConfig(
            "jdbc:postgresql://u:hush@db.example:5432/app?user=u&password=hush", "u", "hush", 1);

    assertThat(postgres.toString()).contains("jdbc:postgresql://db.example:5432/app");
    assertThat(postgres.toString()).doesNotContain("hush");
    assertThat(new DatabaseConfig("jdbc:h2:./a;PASSWORD=hush", "", "", 1).shown())
        .isEqualTo("jdbc:h2:./a");
    assertThatThrownBy(() -> new DatabaseConfig("jdbc:mysql://u:hush@x/y", "", "", 1))
        .hasMessageContaining("allowed are jdbc:h2:… and jdbc:postgresql:…")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> new DatabaseConfig("jdbc:h2:mem:x", "", "", 0))
        .hasMessageContaining("connections: got 0");
  }

  @Test
  void publicKeysAndASecretNeverGoTogether() {
    assertThatThrownBy(() -> jwt("https://x/jwks", SECRET, "RS256"))
        .hasMessageContaining("one of jwks_url and secret");
    assertThatThrownBy(() -> jwt("", "", "HS256")).hasMessageContaining("one of");
    assertThatThrownBy(() -> jwt("https://x/jwks", "", "RS256", "HS256"))
        .hasMessageContaining("algorithms: got [RS256, HS256]");
    assertThatThrownBy(() -> jwt("", SECRET, "RS256")).hasMessageContaining("allowed are [HS256");
    assertThatThrownBy(() -> jwt("", SECRET, "none")).hasMessageContaining("algorithms");
    assertThatThrownBy(() -> jwt("", "short", "HS256")).hasMessageContaining("32 bytes or more");
    assertThat(jwt("", SECRET, "HS256").toString()).doesNotContain(SECRET);
  }

  @Test
  void serverIsAnHttpUrl() {
    assertThat(new StatusServer(URI.create("https://x.example/ws/"), "a").prefix())
        .isEqualTo("/ws");
    for (String url : new String[] {"ftp://x", "x.example", "http:///x", "http://x/?a=b"}) {
      assertThatThrownBy(() -> new StatusServer(URI.create(url), "a"))
          .hasMessageContaining("server_url: got '" + url + "'");
    }
  }
}
