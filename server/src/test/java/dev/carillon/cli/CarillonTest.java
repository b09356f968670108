package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.Server;
import dev.carillon.server.config.AdminConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ConfigLoader;
import dev.carillon.server.config.LoggingConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarillonTest {
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path home;

  /** What a command has configured is not for the tests that come after these. */
  @AfterEach
  void logAsBefore() {
    Logging.configure(LoggingConfig.defaults());
  }

  private int run(String... args) {
    return Carillon.commands(environment, home)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private String config(String text) throws Exception {
    return Files.writeString(home.resolve("config.yaml"), text).toString();
  }

  @Test
  void checkFindsTheFileBesideTheLauncher() throws Exception {
    String file = config("server: {port: 1}");

    assertThat(run("check")).isZero();

    assertThat(out).hasToString(file + ": fine, 1 app" + System.lineSeparator());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void checkTellsEveryMistakeAndExitsWith2() throws Exception {
    String file = config("server: {prot: 1}\nadmin: {port: x}");

    assertThat(run("check", "--config", file)).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            file + ":1: server.prot: unknown key; did you mean port?",
            file + ":2: admin.port: got 'x', allowed is a whole number from 0 to 65535");
    assertThat(out.toString()).isEmpty();
  }

  /** It is none of the other commands' business, which may run elsewhere. */
  @Test
  void checkAndServeRefuseAFileWithoutAuthorities() throws Exception {
    String file =
        config(
            """
            server: {host: 127.0.0.1, port: 1}
            scaling: {enabled: true, redis: {url: "rediss://127.0.0.1:1", ca: missing.pem}}
            """);
    String mistake =
        file
            + ":2: scaling.redis.ca: got '"
            + home.resolve("missing.pem")
            + "', which cannot be read: no such file or folder; allowed is a PEM file of"
            + " certificates";

    assertThat(run("check")).isEqualTo(2);
    assertThat(run("serve")).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly(mistake, mistake);
    assertThat(run("channels", "app-id")).isEqualTo(1);
  }

  @Test
  void wrongUsageExitsWith2AndSuggests() {
    assertThat(run("chek")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(run("trigger", "app-id")).isEqualTo(2);
    assertThat(run("demo", "--port", "70000")).isEqualTo(2);
    assertThat(run("demo", "--auth-port", "many")).isEqualTo(2);

    assertThat(err.toString())
        .contains("carillon check")
        .contains("Missing required")
        .contains("--port: got '70000', allowed is a whole number from 0 to 65535")
        .contains("--auth-port: got 'many', allowed is a whole number from 0 to 65535");
  }

  @Test
  void helpAndVersionGoToTheStandardOutput() {
    assertThat(run("--help")).isZero();
    assertThat(run("serve", "--help")).isZero();
    assertThat(run("--version")).isZero();

    assertThat(out.toString()).contains("auth-endpoint", "--config", "carillon ", "Java");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void serveRefusesWrongOptionsBeforeItStarts() throws Exception {
    config("");

    assertThat(run("serve", "--port", "many")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("command line: --port: got 'many', allowed is a whole number from 0 to 65535");
  }

  @Test
  void aDatabaseThatCannotBeOpenedIsOneLineThatNamesIt() throws Exception {
    config(
        "auth_endpoint:\n"
            + "  database: jdbc:postgresql://127.0.0.1:1/carillon?password=hush\n"
            + "  port: 0\nlogging: {level: off}");

    assertThat(run("auth-endpoint")).isEqualTo(1);

    assertThat(err.toString())
        .startsWith(
            "auth endpoint: database jdbc:postgresql://127.0.0.1:1/carillon: cannot be opened: ")
        .doesNotContain("hush")
        .hasLineCount(1);
  }

  @Test
  void aTakenPortIsOneLineThatNamesIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      config("server: {host: 127.0.0.1, port: " + port + "}\nadmin: {port: 0}");

      assertThat(run("serve")).isEqualTo(1);

      assertThat(err.toString())
          .startsWith("cannot listen on 127.0.0.1:" + port + ":")
          .contains("choose another port")
          .hasLineCount(1);
    }
  }

  @Test
  void anAddressThatIsNotOfThisMachineIsOneLineInTheSystemsWords() throws Exception {
    config("server: {host: \"2001:db8::1\", port: 8080}\nadmin: {port: 0}\nlogging: {level: off}");

    assertThat(run("serve")).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly("cannot listen on [2001:db8::1]:8080: Cannot assign requested address");
  }

  @Test
  void aDataFolderThatCannotBeUsedIsOneLineThatNamesIt() throws Exception {
    Files.writeString(home.resolve("file"), "");
    config(
        """
        server: {host: 127.0.0.1, port: 0, data_dir: file}
        admin: {port: 0}
        apps: [{id: a, key: k, secret: s, webhooks: [{url: "http://127.0.0.1:1/"}]}]
        """);

    assertThat(run("serve")).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            "server.data_dir cannot be used: "
                + home.resolve("file/webhooks")
                + ": Not a directory");
  }

  @Test
  void aHostThatNobodyKnowsIsOneLineThatNamesIt() throws Exception {
    config("server: {host: no-such-host.invalid, port: 0}\nadmin: {port: 0}");

    assertThat(run("serve")).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly("cannot listen on no-such-host.invalid: no such host");
  }

  @Test
  void triggerAndChannelsTalkToARunningServer() throws Exception {
    Config base = Config.defaults();
    Config config =
        base.withServer(base.server().toBuilder().host("127.0.0.1").port(0).path("/ws").build())
            .withAdmin(new AdminConfig("127.0.0.1", 0, ""));
    config("");
    try (Server server = Server.start(config)) {
      String url = "http://127.0.0.1:" + server.port() + "/ws/";

      assertThat(run("trigger", "app-id", "news", "hello", "{}", "--url", url)).isZero();
      assertThat(run("channels", "app-id", "--url", url)).isZero();
      assertThat(run("trigger", "app-id", "no space", "hello", "{}", "--url", url)).isEqualTo(1);
    }

    assertThat(out.toString().lines()).containsExactly("{}", "CHANNEL  SUBSCRIPTIONS  USERS");
    assertThat(err.toString()).contains("answered 400").hasLineCount(1);
  }

  @Test
  void webhooksReplaySendsDeadLetters() throws Exception {
    TestEndpoint away = new TestEndpoint();
    away.close();
    String file =
        config(
            """
            server: {host: 127.0.0.1, port: 0, data_dir: spool}
            admin: {port: 0}
            apps: [{id: a, key: k, secret: s, webhooks: [{url: "%s", retry_for: 0}]}]
            """
                .formatted(away.url()));
    try (Server server = Server.start(new ConfigLoader(environment).load(Path.of(file)));
        TestClient client = TestClient.open("ws://127.0.0.1:" + server.port() + "/app/k")) {
      client.established().join("a");
      Await.until("it is a dead letter", this::hasDeadLetter);

      assertThat(run("webhooks", "replay", "--config", file)).isEqualTo(1);
      try (TestEndpoint back = new TestEndpoint(away.port())) {
        assertThat(run("webhooks", "replay")).isZero();
        back.expect("channel_occupied", "a");
      }
      assertThat(run("webhooks", "replay")).isZero();
    }

    String endpoint = "a http://127.0.0.1:" + away.port() + "/pusher: ";
    assertThat(out.toString().lines())
        .containsExactly(
            endpoint + "0 sent, 1 left: Connection refused",
            endpoint + "1 sent",
            "No dead letters.");
    assertThat(run("webhooks")).isEqualTo(2);
  }

  private boolean hasDeadLetter() {
    try (Stream<Path> files = Files.walk(home.resolve("spool"))) {
      return files.anyMatch(file -> file.toString().endsWith(".delivery"));
    } catch (UncheckedIOException goneMeanwhile) {
      return false; // the server replaces its files: another look is needed
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aServerThatIsNotThereIsOneLine() throws Exception {
    config("server: {port: 1}");

    assertThat(run("channels", "app-id")).isEqualTo(1);
    assertThat(run("channels", "other")).isEqualTo(2);
    assertThat(run("channels", "app-id", "--url", "ftp://x")).isEqualTo(2);
    assertThat(run("channels", "app-id", "--url", "http://127.0.0.1:99999")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "http://127.0.0.1:1: cannot connect; does the server run there?",
            "APP: got 'other', configured are the ids app-id",
            "--url: got 'ftp://x', allowed is one like http://host:8080/path",
            "--url: got port 99999, allowed is one from 1 to 65535");
  }
}
