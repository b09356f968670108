package dev.carillon.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.server.support.redis.RedisCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingConfigTest {
  private static ScalingConfig load(String... lines) throws ConfigException {
    String text = String.join("\n", lines);
    return new ConfigLoader(Map.of()).load("config.yaml", text).scaling();
  }

  private static RedisConfig redis(String url) throws ConfigException {
    return load("scaling: {redis: {url: \"" + url + "\"}}").redis();
  }

  private static List<String> mistakes(String... lines) {
    return catchThrowableOfType(ConfigException.class, () -> load(lines)).mistakes();
  }

  @Test
  void readsEveryKey() throws Exception {
    ScalingConfig scaling =
        load(
            "scaling:",
            "  enabled: true",
            "  redis: {url: \"rediss://u:p@redis.example.com:7000/3\", ca: /etc/ca.pem, prefix: x}",
            "  publish_timeout: 5",
            "  node_lease: 1");

    assertThat(scaling)
        .isEqualTo(
            new ScalingConfig(
                true,
                new RedisConfig(
                    new RedisConfig.Standalone("redis.example.com", 7000, 3),
                    "u",
                    "p",
                    true,
                    Path.of("/etc/ca.pem"),
                    "x"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1)));
  }

  @Test
  void isOffByDefaultAndMeansALocalRedis() throws Exception {
    assertThat(load(""))
        .isEqualTo(
            new ScalingConfig(
                false,
                new RedisConfig(
                    new RedisConfig.Standalone("127.0.0.1", 6379, 0),
                    null,
                    null,
                    false,
                    null,
                    "carillon:"),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "redis://h              | h     | 6379 | 0  | -   | -",
        "REDIS://h/             | h     | 6379 | 0  | -   | -",
        "redis://h:1/15         | h     | 1    | 15 | -   | -",
        "redis://[::1]          | ::1   | 6379 | 0  | -   | -",
        "redis://u:p@[fe80::1]:7/2 | fe80::1 | 7 | 2 | u | p",
        "redis://:p@10.0.0.1    | 10.0.0.1 | 6379 | 0 | - | p",
        "redis://u@h            | h     | 6379 | 0  | u   | -",
        "redis://u:@h           | h     | 6379 | 0  | u   | -",
        "redis://:@h            | h     | 6379 | 0  | -   | -",
        "redis://a%3Ab:p%40%2F%25+%C3%A4:q@h | h | 6379 | 0 | a:b | p@/%+ä:q",
      })
  void readsUrls(String url, String host, int port, int database, String user, String password)
      throws Exception {
    assertThat(redis(url))
        .isEqualTo(
            new RedisConfig(
                new RedisConfig.Standalone(host, port, database),
                user,
                password,
                false,
                null,
                "carillon:"));
  }

  @Test
  void readsACluster() throws Exception {
    RedisConfig redis =
        load("scaling: {redis: {url: [\"rediss://:p@a:1/0\", \"rediss://:p@[::1]\"]}}").redis();

    assertThat(redis.target())
        .isEqualTo(
            new RedisConfig.Cluster(
                List.of(new RedisConfig.Node("a", 1), new RedisConfig.Node("::1", 6379))));
    assertThat(redis.user()).isNull();
    assertThat(redis.password()).isEqualTo("p");
    assertThat(redis.tls()).isTrue();
  }

  @Test
  void takesAListOfOneAsACluster() throws Exception {
    assertThat(load("scaling: {redis: {url: [\"redis://a\"]}}").redis().target())
        .isEqualTo(new RedisConfig.Cluster(List.of(new RedisConfig.Node("a", 6379))));
  }

  @Test
  void readsSentinels() throws Exception {
    RedisConfig redis =
        load(
                "scaling: {redis: {sentinel: {master: m.1, nodes: [a:1, 10.0.0.1, '[::1]:2'], user: u,",
                "  password: p, sentinel_password: q, database: 3, tls: true}, ca: ca.pem}}")
            .redis();

    assertThat(redis)
        .isEqualTo(
            new RedisConfig(
                new RedisConfig.Sentinel(
                    "m.1",
                    List.of(
                        new RedisConfig.Node("a", 1),
                        new RedisConfig.Node("10.0.0.1", 26_379),
                        new RedisConfig.Node("::1", 2)),
                    "q",
                    3),
                "u",
                "p",
                true,
                Path.of("ca.pem"),
                "carillon:"));
  }

  @Test
  void asksSentinelsWithoutPasswordsByDefault() throws Exception {
    RedisConfig redis =
        load("scaling: {redis: {sentinel: {master: m, nodes: [a], user: , password: \"\"}}}")
            .redis();

    assertThat(redis)
        .isEqualTo(
            RedisConfig.defaults().toBuilder()
                .target(
                    new RedisConfig.Sentinel(
                        "m", List.of(new RedisConfig.Node("a", 26_379)), null, 0))
                .build());
  }

  @Test
  void takesTheAuthoritiesRelativeToTheFile(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("config.yaml"), "scaling: {redis: {url: \"rediss://h\", ca: ca.pem}}");

    assertThat(new ConfigLoader(Map.of()).load(file).scaling().redis().ca())
        .isEqualTo(folder.resolve("ca.pem"));
  }

  private static List<String> mistakesWithFiles(Path folder, String scaling) throws Exception {
    Path file = Files.writeString(folder.resolve("config.yaml"), "\nscaling: {" + scaling + "}");
    return catchThrowableOfType(
            ConfigException.class, () -> new ConfigLoader(Map.of()).withFiles().load(file))
        .mistakes();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing.pem | cannot be read: no such file or folder",
        "folder.pem  | cannot be read: Is a directory",
        "empty.pem   | holds no certificate",
        "text.pem    | holds something that is no certificate",
        "key.pem     | holds something that is no certificate",
        "broken.pem  | holds something that is no certificate",
        "binary.pem  | holds something that is no certificate",
      })
  void tellsWhichFileHasNoAuthorities(String name, String reason, @TempDir Path folder)
      throws Exception {
    Files.createDirectory(folder.resolve("folder.pem"));
    Files.writeString(folder.resolve("empty.pem"), "");
    Files.writeString(folder.resolve("text.pem"), "no certificate\n");
    Files.copy(RedisCertificates.in(folder).key(), folder.resolve("key.pem"));
    Files.writeString(
        folder.resolve("broken.pem"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    Files.write(folder.resolve("binary.pem"), new byte[] {0x30, (byte) 0x82, 1, 2, 3});
    String mistake =
        "%s:2: scaling.redis.ca: got '%s', which %s; allowed is a PEM file of certificates"
            .formatted(folder.resolve("config.yaml"), folder.resolve(name), reason);

    String redis = "redis: {url: \"rediss://h\", ca: " + name + "}";
    assertThat(mistakesWithFiles(folder, "enabled: true, " + redis)).containsExactly(mistake);
    assertThat(mistakesWithFiles(folder, "enabled: true, node_lease: 0, " + redis))
        .hasSize(2)
        .contains(mistake);
    assertThat(mistakesWithFiles(folder, "enabled: false, node_lease: 0, " + redis)).hasSize(1);
  }

  @Test
  void takesAFileOfAuthorities(@TempDir Path folder) throws Exception {
    Path authority = RedisCertificates.in(folder).authority();
    Path file =
        Files.writeString(
            folder.resolve("config.yaml"),
            "scaling: {enabled: true, redis: {url: \"rediss://h\", ca: authority.crt}}");

    Config config = new ConfigLoader(Map.of()).withFiles().load(file);

    assertThat(config.scaling().redis().ca()).isEqualTo(authority);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "http://h      | got http://, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "h:6379        | got another text, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis://      | got no host, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis://u:pass@ | got no host, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis://:6379 | got no host, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis://h?db=1 | got ? or #, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis://h/one | got the database 'one', allowed is a whole number, as in redis://host:6379/0",
        "redis://h/-1  | got the database '-1', allowed is a whole number, as in redis://host:6379/0",
        "redis://:pass@h:70000 | got 'h:70000' as host and port, allowed is like redis.example.com:6379 or [::1]:6379",
        "redis://:pass@::1 | got no host, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis://:pass@fe80::1 | got 'fe80::1' as host and port, allowed is like redis.example.com:6379 or [::1]:6379",
        "redis://:pass@[h]:1 | got '[h]:1' as host and port, allowed is like redis.example.com:6379 or [::1]:6379",
        "redis://user:pass | got another text as host and port, allowed is like redis.example.com:6379 or [::1]:6379",
        "redis://:pa/ss@h | got one of / ? # @ % in the user or the password, allowed is it percent-encoded, like %40",
        "redis://:pa@ss@h | got one of / ? # @ % in the user or the password, allowed is it percent-encoded, like %40",
        "redis://:pass%@h | got one of / ? # @ % in the user or the password, allowed is it percent-encoded, like %40",
        "redis://:pass%zz@h | got one of / ? # @ % in the user or the password, allowed is it percent-encoded, like %40",
      })
  void tellsWhatIsWrongWithAUrlWithoutItsPassword(String url, String mistake) {
    List<String> told = catchThrowableOfType(ConfigException.class, () -> redis(url)).mistakes();

    assertThat(told).containsExactly("config.yaml:1: scaling.redis.url: " + mistake);
    assertThat(told.get(0).replace("password", "")).doesNotContain("pass");
  }

  @Test
  void neverShowsAPasswordHoweverItIsWritten() {
    String pieces = ":/?#@%[]&=+ 0a";
    Random random = new Random(4711);

    for (int round = 0; round < 2_000; round++) {
      StringBuilder password = new StringBuilder("SECRET");
      for (int piece = random.nextInt(4); piece >= 0; piece--) {
        int at = random.nextBoolean() ? 0 : password.length();
        password.insert(at, pieces.charAt(random.nextInt(pieces.length())));
      }
      String url = "redis://u:" + password + "@h:x";
      assertThat(catchThrowableOfType(ConfigException.class, () -> redis(url)).mistakes())
          .singleElement()
          .asString()
          .doesNotContain("SECRET");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "enabled: yes | enabled: got 'yes', allowed is true or false",
        "publish_timeout: 0 | publish_timeout: got '0', allowed is a whole number from 1 to 2147483647",
        "node_lease: 0.5 | node_lease: got '0.5', allowed is a whole number from 1 to 2147483647",
        "lease: 1 | lease: unknown key; allowed are enabled, redis, publish_timeout, node_lease",
        "redis: \"redis://u:pw@h\" | redis: got the text 'redis://…@h', allowed are the keys url, sentinel, ca, prefix",
        "redis: {url: } | redis.url: got nothing, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis: {url: {}} | redis.url: got keys and values, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "redis: {url: []} | redis.url: got none, allowed is at least one",
        "redis: {url: [\"redis://a\", \"redis://b/x\"]} | redis.url[1]: got the database 'x', allowed is a whole number, as in redis://host:6379/0",
        "redis: {url: [\"redis://a\", \"redis://b/1\"]} | redis.url[1]: got the database 1, allowed is 0, a cluster's only one",
        "redis: {url: [\"redis://a/1\"]} | redis.url[0]: got the database 1, allowed is 0, a cluster's only one",
        "redis: {url: [\"redis://a\", \"rediss://b\"]} | redis.url[1]: got rediss://, allowed is redis://, as in [0]",
        "redis: {url: [\"redis://:p@a\", \"redis://:q@b\"]} | redis.url[1]: got another user or password, allowed are the same for the whole cluster",
        "redis: {url: [\"redis://:p@a\", \"redis://b\"]} | redis.url[1]: got another user or password, allowed are the same for the whole cluster",
        "redis: {url: \"redis://a\", sentinel: {master: m, nodes: [a]}} | redis.sentinel: got url too; allowed is one of url and sentinel",
        "redis: {sentinel: {nodes: [a]}} | redis.sentinel.master: missing; sentinel needs it",
        "redis: {sentinel: {master: m}} | redis.sentinel.nodes: missing; sentinel needs it",
        "redis: {sentinel: {master: m, nodes: []}} | redis.sentinel.nodes: got none, allowed is at least one",
        "redis: {sentinel: {master: m, nodes: a}} | redis.sentinel.nodes: got 'a', allowed is a list, like [10.0.0.1:26379]",
        "redis: {sentinel: {master: m, nodes: [a:b]}} | redis.sentinel.nodes[0]: got 'a:b', allowed is a host and port, like 10.0.0.1:26379 or \"[::1]:26379\"",
        "redis: {sentinel: {master: a b, nodes: [a]}} | redis.sentinel.master: got 'a b', allowed is a master's name of letters, digits and . - _, like mymaster",
        "redis: {sentinel: {master: m, nodes: [a], password: \"p\\nw\"}} | redis.sentinel.password: got something else, allowed is a text in one line",
        "redis: {sentinel: [a]} | redis.sentinel: got a list, allowed are the keys master, nodes, user, password, sentinel_password, database, tls",
        "redis: {ca: a.pem} | redis.ca: got one, but Redis is used without TLS; allowed with rediss:// or tls: true",
        "redis: {prefix: \"\"} | redis.prefix: got the text '', allowed is a text without { } and spaces, like carillon:",
        "redis: {prefix: \"{a}\"} | redis.prefix: got the text '{a}', allowed is a text without { } and spaces, like carillon:",
        "redis: {prefix: \"a\\u00a0b\"} | redis.prefix: got the text 'a\u00a0b', allowed is a text without { } and spaces, like carillon:",
      })
  void tellsEveryMistake(String yaml, String mistake) {
    assertThat(mistakes("scaling: {" + yaml + "}"))
        .containsExactly("config.yaml:1: scaling." + mistake);
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://:pw@h", "redis://", "x"})
  void shortensEndlessValues(String start) {
    String url = start + "h".repeat(50_000);

    assertThat(
            mistakes(
                "scaling: {redis: {url: \"" + url + "\", prefix: \"" + "{".repeat(9_000) + "\"}}"))
        .hasSize(2)
        .allSatisfy(mistake -> assertThat(mistake).hasSizeLessThan(400));
  }

  @Test
  void showsNoPasswords() throws Exception {
    RedisConfig redis =
        RedisConfig.defaults().toBuilder()
            .target(
                new RedisConfig.Sentinel(
                    "m", List.of(new RedisConfig.Node("a", 1)), "other-secret", 0))
            .password("redis-secret")
            .build();
    Config config =
        Config.defaults().withScaling(ScalingConfig.defaults().toBuilder().redis(redis).build());

    assertThat(config.scaling().redis()).isEqualTo(redis);
    assertThat(config.toString())
        .contains("master=m")
        .doesNotContain("other-secret", "redis-secret");
  }

  @Test
  void needsANodeOfACluster() {
    assertThatThrownBy(() -> new RedisConfig.Cluster(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nodes: got none, expected at least one");
  }
}
