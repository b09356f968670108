package dev.carillon.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final String TWO_APPS =
      "apps: [{id: 1, key: k1, secret: s1}, {id: 2, key: k2, secret: s2}]";

  private final Map<String, String> environment = new HashMap<>();

  private Config load(String... lines) throws ConfigException {
    return new ConfigLoader(environment).load("config.yaml", String.join("\n", lines));
  }

  private List<String> mistakes(String... lines) {
    return catchThrowableOfType(ConfigException.class, () -> load(lines)).mistakes();
  }

  @Test
  void readsEveryKind() throws Exception {
    Config config =
        load(
            "server: {path: ws/, transport: nio, drain_seconds: 0}",
            "admin: {host: 0.0.0.0, token: \"t\"}",
            "apps:",
            "  - {id: 123, key: 0456, secret: 1e5, force_tls: true, allowed_origins: [a.com, '*.b.com'],",
            "     pong_timeout: 5, accept_client_events_from: none, signin_timeout: 30,",
            "     subscription_count: true, cache_ttl: 60}",
            "auth_endpoint: {channels: [{pattern: \"private-{id}\", allow: any-user}]}",
            "logging: {level: WARN, format: json}");

    assertThat(config.server().path()).isEqualTo("/ws");
    assertThat(config.server().transport()).isEqualTo(TransportType.NIO);
    assertThat(config.server().drain()).isEqualTo(Duration.ZERO);
    assertThat(config.apps())
        .containsExactly(
            AppConfig.sample().toBuilder()
                .id("123")
                .key("0456")
                .secret("1e5")
                .forceTls(true)
                .allowedOrigins(List.of("a.com", "*.b.com"))
                .pongTimeout(Duration.ofSeconds(5))
                .acceptClientEventsFrom(ClientEventsFrom.NONE)
                .signinTimeout(Duration.ofSeconds(30))
                .subscriptionCount(true)
                .cacheTtl(Duration.ofSeconds(60))
                .build());
    assertThat(config.authEndpoint().channels())
        .containsExactly(new AuthEndpointConfig.Rule("private-{id}", "any-user"));
    assertThat(config.authEndpoint().app()).isEqualTo("123");
    assertThat(config.logging()).isEqualTo(new LoggingConfig(LogLevel.WARN, LogFormat.JSON));
  }

  @Test
  void readsLimitsAndProxies() throws Exception {
    Config config =
        load(
            "server: {trusted_proxies: [10.1.2.3/8, '::1'], handshakes_per_minute: 60,",
            "  failed_signatures_per_minute: 5}",
            "apps: [{id: a, key: b, secret: c, rate_limiting: {enabled: true, decay_seconds: 5}}]");

    assertThat(config.server().trustedProxies()).hasToString("[10.0.0.0/8, 0:0:0:0:0:0:0:1/128]");
    assertThat(config.server().handshakesPerMinute()).isEqualTo(60);
    assertThat(config.server().failedSignaturesPerMinute()).isEqualTo(5);
    assertThat(config.apps().get(0).rateLimiting())
        .isEqualTo(new RateLimiting(true, 60, Duration.ofSeconds(5), false));
  }

  @Test
  void putsTheRateLimitOfALaravelEnvironmentOverTheFile() throws Exception {
    environment.put("REVERB_APP_RATE_LIMITING_ENABLED", "true");
    environment.put("REVERB_APP_RATE_LIMIT_MAX_ATTEMPTS", "7");
    environment.put("REVERB_APP_RATE_LIMIT_DECAY_SECONDS", "8");
    environment.put("REVERB_APP_RATE_LIMIT_TERMINATE", "true");

    Config config = load(TWO_APPS);

    assertThat(config.apps().get(0).rateLimiting())
        .isEqualTo(new RateLimiting(true, 7, Duration.ofSeconds(8), true));
    assertThat(config.apps().get(1).rateLimiting()).isEqualTo(RateLimiting.off());
  }

  @Test
  void readsWebhooks() throws Exception {
    Config config =
        load(
            "server: {data_dir: /var/lib/carillon}",
            "apps:",
            "  - id: a",
            "    key: a",
            "    secret: s",
            "    webhook_patience: 0",
            "    webhooks:",
            "      - url: https://example.com/pusher?a=b",
            "        events: [client_event, cache_miss]",
            "        channel_prefixes: [presence-]",
            "        headers: {X-Team: red, Authorization: Bearer x}",
            "        allow_link_local: true",
            "        timeout: 2",
            "        retry_for: 0",
            "      - {url: \"http://127.0.0.1:9\"}");

    assertThat(config.server().dataDir()).isEqualTo(Path.of("/var/lib/carillon"));
    assertThat(config.apps().get(0).webhookPatience()).isZero();
    assertThat(config.apps().get(0).webhooks())
        .containsExactly(
            WebhookConfig.of(URI.create("https://example.com/pusher?a=b")).toBuilder()
                .events(List.of(WebhookKind.CLIENT_EVENT, WebhookKind.CACHE_MISS))
                .channelPrefixes(List.of("presence-"))
                .headers(Map.of("X-Team", "red", "Authorization", "Bearer x"))
                .allowLinkLocal(true)
                .timeout(Duration.ofSeconds(2))
                .retryFor(Duration.ZERO)
                .build(),
            WebhookConfig.of(URI.create("http://127.0.0.1:9")));
    assertThat(config.apps().get(0).webhooks().toString()).doesNotContain("a=b", "Bearer");
  }

  @Test
  void readsByWhichRulesUsersHaveAStatus() throws Exception {
    Config config =
        load(
            "status: {offline_after: 0, idle_after: 60, away_after: 60, coalesce: 1.5,",
            "  retention: 86400, dnd: {mode: drop, suppress: ['App\\Alert', 'a.*']}}",
            "apps:",
            "  - id: a",
            "    key: b",
            "    secret: c",
            "    status: {from_clients: false, location: true, in_rosters: true,",
            "             user_channel: \"private-{id}.me\"}");

    assertThat(config.status())
        .isEqualTo(
            new StatusRules(
                Duration.ZERO,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMillis(1_500),
                Duration.ofDays(1),
                new DndConfig(DndMode.DROP, List.of("App\\Alert", "a.*"))));
    assertThat(config.apps().get(0).status())
        .isEqualTo(new StatusConfig(true, false, true, true, "private-{id}.me"));
    assertThat(load("status: {dnd: {suppress: []}, coalesce: 0}").status())
        .isEqualTo(
            StatusRules.defaults().toBuilder()
                .coalesce(Duration.ZERO)
                .dnd(new DndConfig(DndMode.HOLD, List.of()))
                .build());
  }

  @Test
  void takesTheDataFolderRelativeToTheFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("config.yaml"), "server: {data_dir: spool}");

    assertThat(new ConfigLoader(environment).load(file).server().dataDir())
        .isEqualTo(folder.resolve("spool"));
  }

  @Test
  void followsAliases() throws Exception {
    Config config =
        load(
            "apps:",
            "  - {id: a, key: a, secret: s, allowed_origins: &origins [x.com]}",
            "  - {id: b, key: b, secret: s, allowed_origins: *origins}");

    assertThat(config.apps().get(1).allowedOrigins()).containsExactly("x.com");
  }

  @Test
  void substitutesFromTheEnvironmentInValuesOnly() throws Exception {
    environment.putAll(Map.of("PORT", "9000", "NAME", "a", "EMPTY", ""));

    Config config =
        load(
            "# ${NOT_SET}",
            "server: {port: \"${PORT}\", host: \"${EMPTY:-127.0.0.1}\", path: \"${EMPTY}\"}",
            "apps: [{id: \"${NAME}-1\", key: \"${NONE:-k}${NAME}\", secret: \"$${NAME}\"}]");

    assertThat(config.server().port()).isEqualTo(9000);
    assertThat(config.server().host()).isEqualTo("127.0.0.1");
    assertThat(config.server().path()).isEmpty();
    AppConfig app = config.apps().get(0);
    assertThat(List.of(app.id(), app.key(), app.secret())).containsExactly("a-1", "ka", "${NAME}");
  }

  @Test
  void putsALaravelEnvironmentOverTheFile() throws Exception {
    environment.putAll(
        Map.ofEntries(
            Map.entry("REVERB_SERVER_HOST", "\"127.0.0.1\""),
            Map.entry("REVERB_SERVER_PORT", "9090"),
            Map.entry("REVERB_SERVER_PATH", "/ws"),
            Map.entry("REVERB_MAX_REQUEST_SIZE", "10000"),
            Map.entry("REVERB_APP_ID", "900"),
            Map.entry("REVERB_APP_KEY", "'k'"),
            Map.entry("REVERB_APP_SECRET", "s"),
            Map.entry("REVERB_APP_PING_INTERVAL", "20"),
            Map.entry("REVERB_APP_ACTIVITY_TIMEOUT", "25"),
            Map.entry("REVERB_APP_MAX_CONNECTIONS", ""),
            Map.entry("REVERB_APP_MAX_MESSAGE_SIZE", "null"),
            Map.entry("REVERB_APP_ACCEPT_CLIENT_EVENTS_FROM", "all"),
            Map.entry("REVERB_SCALING_ENABLED", "false"),
            Map.entry("REVERB_HOST", "ws.example.com"),
            Map.entry("REVERB_PORT", "443"),
            Map.entry("REDIS_HOST", "127.0.0.1"),
            Map.entry("REDIS_PASSWORD", "null")));

    Config config = load(TWO_APPS, "auth_endpoint: {app: 1}", "server: {port: 1234}");

    ServerConfig server = config.server();
    assertThat(List.of(server.host(), server.port(), server.path(), server.maxRequestBytes()))
        .containsExactly("127.0.0.1", 9090, "/ws", 10_000);
    assertThat(config.apps().get(0))
        .isEqualTo(
            AppConfig.sample().toBuilder()
                .id("900")
                .key("k")
                .secret("s")
                .pingInterval(Duration.ofSeconds(20))
                .activityTimeout(Duration.ofSeconds(25))
                .acceptClientEventsFrom(ClientEventsFrom.ALL)
                .build());
    assertThat(config.apps().get(1).id()).isEqualTo("2");
    assertThat(config.authEndpoint().app()).isEqualTo("900");
  }

  @Test
  void putsTheCommandLineOverTheEnvironment() throws Exception {
    environment.put("REVERB_SERVER_PORT", "9090");

    Config config =
        new ConfigLoader(environment)
            .option("server.port", "--port", "7070")
            .load("config.yaml", "server: {port: 8080}");

    assertThat(config.server().port()).isEqualTo(7070);
  }

  @Test
  void tellsMistakesOfTheEnvironmentAndTheCommandLine() {
    environment.put("REVERB_SERVER_PORT", "a port");
    environment.put("REVERB_SCALING_ENABLED", "perhaps");
    ConfigLoader loader = new ConfigLoader(environment).option("server.host", "--host", "http://x");

    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> loader.load("config.yaml", "a: 1"));

    assertThat(refused.mistakes())
        .containsExactly(
            "config.yaml:1: a: unknown key; allowed are server, admin, scaling, apps, status, auth_endpoint, logging",
            "command line: --host: got 'http://x', allowed is a host name or an address, like 127.0.0.1",
            "environment: REVERB_SERVER_PORT: got 'a port', allowed is a whole number from 0 to 65535",
            "environment: REVERB_SCALING_ENABLED: got 'perhaps', allowed is true or false");
  }

  @Test
  void tellsWhichPortOfTheEnvironmentIsTaken() {
    environment.put("REVERB_SERVER_PORT", "9601");

    assertThat(mistakes("admin: {port: 9601}"))
        .containsExactly(
            "config.yaml:1: admin.port: got 9601, which is server.port's too; allowed is another one");
  }

  @Test
  void showsNoSecrets() {
    Config config = Config.defaults().withAdmin(new AdminConfig("127.0.0.1", 1, "bearer-token"));

    assertThat(config.toString()).doesNotContain("app-secret", "bearer-token");
  }
}
