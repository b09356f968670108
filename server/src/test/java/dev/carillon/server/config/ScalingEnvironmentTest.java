package dev.carillon.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingEnvironmentTest {
  private static final String CLUSTER =
      "scaling: {redis: {url: [\"redis://:p@a\", \"redis://:p@b\"]}}";
  private static final String SENTINEL =
      "scaling: {redis: {sentinel: {master: m, nodes: [a:1], sentinel_password: q, password: p}}}";

  private final Map<String, String> environment =
      new HashMap<>(Map.of("REVERB_SCALING_ENABLED", "true"));

  private ScalingConfig load(String yaml) throws ConfigException {
    return new ConfigLoader(environment).load("config.yaml", yaml).scaling();
  }

  private List<String> mistakes(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> load(yaml)).mistakes();
  }

  private static RedisConfig standalone(
      String host, int port, int database, String user, String password) {
    return RedisConfig.defaults().toBuilder()
        .target(new RedisConfig.Standalone(host, port, database))
        .user(user)
        .password(password)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "(true), true",
    "1, true",
    "ON, true", //
    "false, false",
    "(False), false",
    "0, false",
    "no, false",
    "off, false"
  })
  void switchesScaling(String value, boolean enabled) throws Exception {
    environment.put("REVERB_SCALING_ENABLED", value);

    assertThat(load("scaling: {enabled: " + !enabled + "}").enabled()).isEqualTo(enabled);
  }

  @Test
  void takesALaravelEnvironmentAsItIs() throws Exception {
    environment.putAll(
        Map.of(
            "REDIS_CLIENT", "phpredis",
            "REDIS_HOST", "127.0.0.1",
            "REDIS_PASSWORD", "null",
            "REDIS_USERNAME", "",
            "REDIS_PORT", "6379"));

    assertThat(load("")).isEqualTo(ScalingConfig.defaults().toBuilder().enabled(true).build());
  }

  @Test
  void changesPartsOfTheUrlInPlace() throws Exception {
    String yaml = "scaling: {redis: {url: \"rediss://u:p@h:1/2\", prefix: x}}";
    environment.put("REDIS_HOST", "redis");
    environment.put("REDIS_PASSWORD", "'q @%'");

    assertThat(load(yaml).redis())
        .isEqualTo(
            standalone("redis", 1, 2, "u", "q @%").toBuilder().tls(true).prefix("x").build());

    environment.putAll(
        Map.of(
            "REDIS_HOST",
            "::1",
            "REDIS_PORT",
            "3",
            "REDIS_DB",
            "4",
            "REDIS_USERNAME",
            "v",
            "REDIS_PASSWORD",
            "null"));

    assertThat(load(yaml).redis())
        .isEqualTo(standalone("::1", 3, 4, "v", "p").toBuilder().tls(true).prefix("x").build());
  }

  @Test
  void takesTheUrlOverThePartsAndTheFile() throws Exception {
    environment.putAll(
        Map.of(
            "REDIS_URL", "redis://u:p@h:1/2",
            "REDIS_HOST", "/not/looked/at",
            "REDIS_PORT", "x",
            "REDIS_DB", "x",
            "REDIS_USERNAME", "v",
            "REDIS_PASSWORD", "q"));

    for (String yaml : List.of("", CLUSTER, SENTINEL, "scaling: {redis: {url: \"rediss://z\"}}")) {
      assertThat(load(yaml).redis()).isEqualTo(standalone("h", 1, 2, "u", "p"));
    }
  }

  @Test
  void fillsWhatTheUrlLeavesOutFromThePartsAsLaravelDoes() throws Exception {
    environment.putAll(
        Map.of(
            "REDIS_URL", "redis://h",
            "REDIS_PORT", "1",
            "REDIS_DB", "2",
            "REDIS_USERNAME", "v",
            "REDIS_PASSWORD", "q"));

    assertThat(load("").redis()).isEqualTo(standalone("h", 1, 2, "v", "q"));
  }

  @Test
  void doesNotMixTheFilesUrlIntoItsOwn() throws Exception {
    environment.put("REDIS_URL", "redis://h");

    assertThat(load("scaling: {redis: {url: \"redis://u:p@g:1/2\"}}").redis())
        .isEqualTo(standalone("h", 6379, 0, null, null));
  }

  @Test
  void isNotLookedAtWithoutScaling() throws Exception {
    environment.clear();
    environment.putAll(
        Map.of(
            "REDIS_URL", "tls://h",
            "REDIS_HOST", "/run/redis.sock",
            "REDIS_PORT", "0",
            "REDIS_DB", "cache"));

    assertThat(load("")).isEqualTo(ScalingConfig.defaults());
    assertThat(load(CLUSTER).redis().target()).isInstanceOf(RedisConfig.Cluster.class);
  }

  @Test
  void tellsUserAndPasswordOfAClusterAndOfSentinels() throws Exception {
    environment.putAll(Map.of("REDIS_USERNAME", "v", "REDIS_PASSWORD", "q2", "REDIS_DB", "0"));

    RedisConfig cluster = load(CLUSTER).redis();
    RedisConfig sentinel = load(SENTINEL).redis();

    assertThat(List.of(cluster.user(), cluster.password())).containsExactly("v", "q2");
    assertThat(List.of(sentinel.user(), sentinel.password())).containsExactly("v", "q2");

    environment.put("REDIS_DB", "5");

    assertThat(load(SENTINEL).redis().target())
        .isEqualTo(new RedisConfig.Sentinel("m", List.of(new RedisConfig.Node("a", 1)), "q", 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "REDIS_URL  | tls://:pw@h | got tls://, allowed is redis://[user:password@]host[:port][/database], or rediss:// for TLS",
        "REDIS_HOST | /run/redis.sock | got '/run/redis.sock', allowed is a host name or an address, like 127.0.0.1",
        "REDIS_HOST | tls://:pw@h | got 'tls://…@h', allowed is a host name or an address, like 127.0.0.1",
        "REDIS_PORT | 0  | got '0', allowed is a whole number from 1 to 65535",
        "REDIS_DB   | -1 | got '-1', allowed is a whole number from 0 to 2147483647",
      })
  void tellsMistakes(String name, String value, String mistake) {
    environment.put(name, value);

    assertThat(mistakes("")).containsExactly("environment: " + name + ": " + mistake);
  }

  @ParameterizedTest
  @CsvSource({"REDIS_HOST, h", "REDIS_PORT, 1"})
  void refusesOneServerWhereTheFileHasSeveral(String name, String value) {
    environment.put(name, value);

    String mistake =
        "environment: %s: got '%s', but the file has several servers in scaling.redis; unset it, or set REDIS_URL"
            .formatted(name, value);
    assertThat(mistakes(CLUSTER)).containsExactly(mistake);
    assertThat(mistakes(SENTINEL)).containsExactly(mistake);
  }

  @Test
  void refusesAClustersDatabase() {
    environment.put("REDIS_DB", "3");

    assertThat(mistakes(CLUSTER))
        .containsExactly("environment: REDIS_DB: got '3', allowed is 0, a cluster's only one");
  }
}
