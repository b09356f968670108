package dev.carillon.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthEndpointKeysTest {
  @TempDir Path folder;

  private AuthEndpointConfig load(String keys) throws Exception {
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, "auth_endpoint: {" + keys + "}");
    return new ConfigLoader(Map.of()).load(file).authEndpoint();
  }

  @Test
  void readsDatabaseAndServer() throws Exception {
    AuthEndpointConfig config =
        load(
            "database: \"jdbc:postgresql://db:5432/carillon?sslmode=require\", database_user: u,"
                + " database_password: hush, database_connections: 3, server_url: http://10.0.0.5:8080/ws");

    assertThat(config.database())
        .isEqualTo(
            new DatabaseConfig(
                "jdbc:postgresql://db:5432/carillon?sslmode=require", "u", "hush", 3));
    assertThat(config.database().toString()).doesNotContain("hush");
    assertThat(config.serverUrl()).isEqualTo("http://10.0.0.5:8080/ws");
  }

  @ParameterizedTest
  @ValueSource(strings = {"./data/auth", "data/auth", "file:./data/auth"})
  void aRelativeDatabaseIsBesideTheFile(String path) throws Exception {
    assertThat(load("database: \"jdbc:h2:" + path + ";AUTO_SERVER=TRUE\"").database().url())
        .isEqualTo("jdbc:h2:" + folder.resolve("data/auth") + ";AUTO_SERVER=TRUE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/lib/auth", "~/auth", "mem:x", "tcp://localhost/~/auth", "C:/auth"})
  void anotherDatabaseIsWhereItIs(String path) throws Exception {
    assertThat(load("database: \"jdbc:h2:" + path + "\"").database().url())
        .isEqualTo("jdbc:h2:" + path);
  }

  @Test
  void readsWhoseTokensAreTaken() throws Exception {
    String keys = "issuer: https://id.example/, audience: carillon";
    String secret = "0123456789abcdef0123456789abcdef";

    assertThat(load("jwt: {jwks_url: https://id.example/jwks, " + keys + "}").jwt())
        .isEqualTo(
            new JwtConfig(
                URI.create("https://id.example/jwks"),
                "",
                "https://id.example/",
                "carillon",
                List.of("RS256"),
                "sub",
                "id"));
    JwtConfig shared =
        load("jwt: {secret: " + secret + ", user_claim: email, user_by: email, " + keys + "}")
            .jwt();
    assertThat(shared.algorithms()).containsExactly("HS256");
    assertThat(shared.userBy()).isEqualTo("email");
    assertThat(shared.toString()).doesNotContain(secret);
    assertThat(load("").jwt()).isNull();
  }
}
