package dev.carillon.server.support.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carillon.server.support.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

@Timeout(60)
class RedisServerTest {
  private static DefaultJedisClientConfig.Builder plain() {
    return DefaultJedisClientConfig.builder().autoNegotiateProtocol(false);
  }

  @Test
  void answersAtItsUrlOnceStarted() {
    try (RedisServer server = RedisServer.start();
        RedisClient client = RedisClient.create(server.url())) {
      assertThat(server.url()).isEqualTo("redis://127.0.0.1:" + server.port());
      assertThat(client.ping()).isEqualTo("PONG");
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void runsBesideOthers() {
    try (RedisServer one = RedisServer.start();
        RedisServer other = RedisServer.start();
        Jedis ofOne = one.connect();
        Jedis ofOther = other.connect()) {
      ofOne.set("key", "value");

      assertThat(ofOther.get("key")).isNull();
    }
  }

  @Test
  void asksForItsPassword() {
    String password = "s:e/c r\"e\\t@";
    try (RedisServer server = RedisServer.builder().password(password).start();
        RedisClient client = RedisClient.create(server.url());
        Jedis stranger = new Jedis(server.address(), plain().build())) {
      assertThat(client.ping()).isEqualTo("PONG");
      assertThatThrownBy(stranger::ping).hasMessageStartingWith("NOAUTH");
    }
  }

  @Test
  void letsAnUserDoWhatItsRulesSay() {
    RedisServer.Builder options =
        RedisServer.builder().user("app", "secret", "~app:* &app:* +@all -flushall");
    try (RedisServer server = options.start();
        RedisClient client = RedisClient.create(server.url());
        Jedis admin = server.admin()) {
      assertThat(client.set("app:key", "value")).isEqualTo("OK");
      assertThatThrownBy(() -> client.get("other"))
          .isInstanceOf(JedisAccessControlException.class)
          .hasMessageStartingWith("NOPERM");
      assertThatThrownBy(client::flushAll).hasMessageStartingWith("NOPERM");
      assertThat(admin.flushAll()).isEqualTo("OK");
      assertThatThrownBy(() -> new Jedis(server.address(), plain().build()).ping())
          .isInstanceOf(JedisDataException.class);
    }
  }

  @Test
  void speaksTlsOnlyWithWhoTrustsIt(@TempDir Path directory, @TempDir Path other) {
    RedisCertificates certificates = RedisCertificates.in(directory);
    try (RedisServer server = RedisServer.builder().tls(certificates).password("secret").start();
        Jedis client = server.connect()) {
      assertThat(server.url()).startsWith("rediss://:secret@127.0.0.1:");
      assertThat(client.ping()).isEqualTo("PONG");
      DefaultJedisClientConfig.Builder distrustful =
          plain().sslOptions(RedisCertificates.in(other).sslOptions());
      assertThatThrownBy(() -> new Jedis(server.address(), distrustful.build()).ping())
          .isInstanceOf(JedisConnectionException.class)
          .hasStackTraceContaining("SSLHandshakeException");
    }
  }

  @Test
  void asksClientsForACertificate(@TempDir Path directory) {
    RedisCertificates certificates = RedisCertificates.in(directory);
    try (RedisServer server = RedisServer.builder().tlsVerifyingClients(certificates).start();
        Jedis client = server.connect()) {
      assertThat(client.ping()).isEqualTo("PONG");
      DefaultJedisClientConfig.Builder nameless = plain().sslOptions(certificates.sslOptions());
      assertThatThrownBy(() -> new Jedis(server.address(), nameless.build()).ping())
          .isInstanceOf(JedisConnectionException.class);
    }
  }

  @Test
  void refusesConnectionsWhenStopped() {
    try (RedisServer server = RedisServer.start()) {
      server.stop();

      assertThat(server.isRunning()).isFalse();
      assertThat(server.log()).anyMatch(line -> line.contains("bye bye"));
      assertThatThrownBy(server::connect).isInstanceOf(JedisConnectionException.class);
    }
  }

  @Test
  void endsWithoutAWordWhenKilled() {
    try (RedisServer server = RedisServer.start();
        Jedis client = server.connect()) {
      server.kill();

      assertThat(server.isRunning()).isFalse();
      assertThat(server.log()).noneMatch(line -> line.contains("bye bye"));
      assertThatThrownBy(client::ping).isInstanceOf(JedisConnectionException.class);
    }
  }

  @Test
  void isEmptyAndAtItsPortAfterARestart() {
    try (RedisServer server = RedisServer.start()) {
      try (Jedis client = server.connect()) {
        client.set("key", "value");
      }

      server.restart(); // while it runs
      server.stop();
      server.restart();

      try (Jedis client = new Jedis(server.address(), plain().build())) {
        assertThat(client.get("key")).isNull();
      }
    }
  }

  @Test
  void answersNothingWhilePaused() {
    try (RedisServer server = RedisServer.start();
        Jedis client = server.connect();
        Jedis patient = server.connect()) {
      server.pause();
      client.getConnection().setSoTimeout(200);
      assertThatThrownBy(() -> client.set("key", "value"))
          .isInstanceOf(JedisConnectionException.class)
          .hasMessageContaining("timed out");

      server.resume();

      assertThat(patient.get("key")).isEqualTo("value");
    }
  }

  @Test
  void canBeStoppedAndKilledWhilePaused() {
    try (RedisServer server = RedisServer.start()) {
      server.pause();
      server.stop();
      assertThat(server.isRunning()).isFalse();

      server.restart();
      server.pause();
      server.kill();
      assertThat(server.isRunning()).isFalse();
    }
  }

  @Test
  void failsWithTheServersOwnWordsOnABadLine() {
    assertThatThrownBy(() -> RedisServer.builder().line("maxclients none").start())
        .hasMessageContaining("maxclients none");
  }

  /** A JVM that is killed runs no hooks. */
  @Test
  void endsWithItsJvm() throws Exception {
    assumeThat(RedisInDocker.WANTED && System.getenv("TESTCONTAINERS_RYUK_DISABLED") != null)
        .as("nobody ends containers")
        .isFalse();

    Process jvm = forgetful(RedisInDocker.WANTED);
    try (var lines = jvm.inputReader()) {
      int port = Integer.parseInt(lines.readLine());

      jvm.destroyForcibly();

      Await.until(
          "nothing listens on " + port,
          Duration.ofSeconds(30), // what ends containers waits for 10 s
          Duration.ofMillis(20),
          () -> !listens(port));
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void saysWhatIsMissingWhereItIsToBeInAContainerAndThereIsNoDocker() throws Exception {
    assumeThat(RedisInDocker.isPossible()).isFalse();

    Process jvm = forgetful(true);

    try (var errors = jvm.errorReader()) {
      assertThat(errors.lines().toList())
          .anyMatch(line -> line.contains("there is no Docker that this user may use"));
      assertThat(jvm.waitFor()).isEqualTo(1);
    }
  }

  private static Process forgetful(boolean inDocker) throws IOException {
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Dcarillon.test.redis.docker=" + inDocker,
                "-cp",
                System.getProperty("java.class.path"),
                Forgetful.class.getName()))
        .start();
  }

  /** Starts a server, prints its port, and waits to be killed. */
  static final class Forgetful {
    public static void main(String[] arguments) throws InterruptedException {
      RedisServer server = RedisServer.start();
      System.out.println(server.port());
      Thread.currentThread().join();
    }
  }
}
