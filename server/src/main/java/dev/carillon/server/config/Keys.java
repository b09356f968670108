package dev.carillon.server.config;

import static dev.carillon.server.config.ValueTypes.allow;
import static dev.carillon.server.config.ValueTypes.appId;
import static dev.carillon.server.config.ValueTypes.appKey;
import static dev.carillon.server.config.ValueTypes.atLeast;
import static dev.carillon.server.config.ValueTypes.bool;
import static dev.carillon.server.config.ValueTypes.channelPattern;
import static dev.carillon.server.config.ValueTypes.cidr;
import static dev.carillon.server.config.ValueTypes.decimalSeconds;
import static dev.carillon.server.config.ValueTypes.event;
import static dev.carillon.server.config.ValueTypes.file;
import static dev.carillon.server.config.ValueTypes.folder;
import static dev.carillon.server.config.ValueTypes.host;
import static dev.carillon.server.config.ValueTypes.later;
import static dev.carillon.server.config.ValueTypes.oneOf;
import static dev.carillon.server.config.ValueTypes.origin;
import static dev.carillon.server.config.ValueTypes.password;
import static dev.carillon.server.config.ValueTypes.path;
import static dev.carillon.server.config.ValueTypes.port;
import static dev.carillon.server.config.ValueTypes.seconds;
import static dev.carillon.server.config.ValueTypes.secret;
import static dev.carillon.server.config.ValueTypes.token;
import static dev.carillon.server.config.ValueTypes.userChannel;

/**
 * Every key of {@code config.yaml}: its name, what its value may be, where it goes, and the
 * variable that overrides it. A name that is documented but does not work yet stands in {@code
 * later}.
 */
final class Keys {
  static final Section<ServerConfig.Builder> SERVER =
      Section.of(
              Key.of("host", host(), ServerConfig.Builder::host).variable("REVERB_SERVER_HOST"),
              Key.of("port", port(), ServerConfig.Builder::port).variable("REVERB_SERVER_PORT"),
              Key.of("path", path(), ServerConfig.Builder::path).variable("REVERB_SERVER_PATH"),
              Key.of("max_request_size", atLeast(1), ServerConfig.Builder::maxRequestBytes)
                  .variable("REVERB_MAX_REQUEST_SIZE"),
              Key.of(
                  "transport",
                  later("io_uring", oneOf(TransportType.class)),
                  ServerConfig.Builder::transport),
              Key.of("event_loops", atLeast(0), ServerConfig.Builder::eventLoops),
              Key.of("max_outbound_bytes", atLeast(1), ServerConfig.Builder::maxOutboundBytes),
              Key.of(
                  "trusted_proxies",
                  cidr().list("[10.0.0.0/8]"),
                  ServerConfig.Builder::trustedProxies),
              Key.of(
                  "handshakes_per_minute", atLeast(0), ServerConfig.Builder::handshakesPerMinute),
              Key.of(
                  "failed_signatures_per_minute",
                  atLeast(0),
                  ServerConfig.Builder::failedSignaturesPerMinute),
              Key.of("warm_up", oneOf(WarmUpTime.class), ServerConfig.Builder::warmUp),
              Key.of("drain_seconds", seconds(0), ServerConfig.Builder::drain),
              Key.of("data_dir", folder(), ServerConfig.Builder::dataDir))
          .later("tls");

  static final Section<AdminConfig.Builder> ADMIN =
      Section.of(
          Key.of("host", host(), AdminConfig.Builder::host),
          Key.of("port", port(), AdminConfig.Builder::port),
          Key.of("token", token(), AdminConfig.Builder::token));

  static final Section<SentinelDraft> SENTINEL =
      Section.of(
          Key.of("master", RedisValues.master(), SentinelDraft::master),
          Key.of("nodes", RedisValues.nodes(), SentinelDraft::nodes),
          Key.of("user", password(), SentinelDraft::user),
          Key.of("password", password(), SentinelDraft::password),
          Key.of("sentinel_password", password(), SentinelDraft::sentinelPassword),
          Key.of("database", atLeast(0), SentinelDraft::database),
          Key.of("tls", bool(), SentinelDraft::tls));

  static final Section<RedisConfig.Builder> REDIS =
      Section.of(
          Key.of("url", RedisUrl::read),
          Key.of("sentinel", SentinelDraft::read),
          Key.of("ca", file(), RedisConfig.Builder::ca),
          Key.of("prefix", RedisValues.prefix(), RedisConfig.Builder::prefix));

  /** The variables of these depend on each other: {@link ScalingEnvironment} has them. */
  static final Section<ScalingConfig.Builder> SCALING =
      Section.of(
          Key.of("enabled", bool(), ScalingConfig.Builder::enabled),
          Key.part("redis", REDIS, ScalingConfig.Builder::redis),
          Key.of("publish_timeout", seconds(1), ScalingConfig.Builder::publishTimeout),
          Key.of("node_lease", seconds(1), ScalingConfig.Builder::nodeLease));

  static final Section<RateLimiting.Builder> RATE_LIMITING =
      Section.of(
          Key.of("enabled", bool(), RateLimiting.Builder::enabled)
              .variable("REVERB_APP_RATE_LIMITING_ENABLED"),
          Key.of("max_attempts", atLeast(1), RateLimiting.Builder::maxAttempts)
              .variable("REVERB_APP_RATE_LIMIT_MAX_ATTEMPTS"),
          Key.of("decay_seconds", seconds(1), RateLimiting.Builder::decay)
              .variable("REVERB_APP_RATE_LIMIT_DECAY_SECONDS"),
          Key.of("terminate_on_limit", bool(), RateLimiting.Builder::terminateOnLimit)
              .variable("REVERB_APP_RATE_LIMIT_TERMINATE"));

  static final Section<StatusConfig.Builder> STATUS =
      Section.of(
          Key.of("enabled", bool(), StatusConfig.Builder::enabled),
          Key.of("from_clients", bool(), StatusConfig.Builder::fromClients),
          Key.of("location", bool(), StatusConfig.Builder::location),
          Key.of("in_rosters", bool(), StatusConfig.Builder::inRosters),
          Key.of("user_channel", userChannel(), StatusConfig.Builder::userChannel));

  static final Section<AppConfigBuilder> APP =
      Section.of(
          Key.of("id", appId(), AppConfigBuilder::id).variable("REVERB_APP_ID"),
          Key.of("key", appKey(), AppConfigBuilder::key).variable("REVERB_APP_KEY"),
          Key.of("secret", secret(), AppConfigBuilder::secret).variable("REVERB_APP_SECRET"),
          Key.of("enabled", bool(), AppConfigBuilder::enabled),
          Key.of("force_tls", bool(), AppConfigBuilder::forceTls),
          Key.of("allowed_origins", origin().list("[\"*\"]"), AppConfigBuilder::allowedOrigins),
          Key.of("ping_interval", seconds(1), AppConfigBuilder::pingInterval)
              .variable("REVERB_APP_PING_INTERVAL"),
          Key.of("pong_timeout", seconds(1), AppConfigBuilder::pongTimeout),
          Key.of("activity_timeout", seconds(1), AppConfigBuilder::activityTimeout)
              .variable("REVERB_APP_ACTIVITY_TIMEOUT"),
          Key.of("max_connections", atLeast(0), AppConfigBuilder::maxConnections)
              .variable("REVERB_APP_MAX_CONNECTIONS"),
          Key.of("max_message_size", atLeast(1), AppConfigBuilder::maxMessageBytes)
              .variable("REVERB_APP_MAX_MESSAGE_SIZE"),
          Key.of("max_event_size", atLeast(1), AppConfigBuilder::maxEventBytes),
          Key.of("max_presence_members", atLeast(0), AppConfigBuilder::maxPresenceMembers),
          Key.of("max_presence_info_size", atLeast(1), AppConfigBuilder::maxPresenceInfoBytes),
          Key.of(
                  "accept_client_events_from",
                  oneOf(ClientEventsFrom.class),
                  AppConfigBuilder::acceptClientEventsFrom)
              .variable("REVERB_APP_ACCEPT_CLIENT_EVENTS_FROM"),
          Key.of("client_events_per_second", atLeast(1), AppConfigBuilder::clientEventsPerSecond),
          Key.part("rate_limiting", RATE_LIMITING, AppConfigBuilder::rateLimiting),
          Key.of("subscription_count", bool(), AppConfigBuilder::subscriptionCount),
          Key.of("cache_ttl", seconds(1), AppConfigBuilder::cacheTtl),
          Key.of("relaxed_channel_names", bool(), AppConfigBuilder::relaxedChannelNames),
          Key.of("signin_timeout", seconds(0), AppConfigBuilder::signinTimeout),
          Key.of("webhook_patience", seconds(0), AppConfigBuilder::webhookPatience),
          Key.of("webhook_spool_bytes", atLeast(65_536), AppConfigBuilder::webhookSpoolBytes),
          Key.of(
              "webhooks",
              WebhookValues.webhook().list("[{url: \"https://example.com/pusher\"}]"),
              AppConfigBuilder::webhooks),
          Key.part("status", STATUS, AppConfigBuilder::status));

  static final Section<WebhookConfig.Builder> WEBHOOK =
      Section.of(
          Key.of("url", WebhookValues.url(), WebhookConfig.Builder::url),
          Key.of("events", WebhookValues.kinds(), WebhookConfig.Builder::events),
          Key.of(
              "channel_prefixes",
              WebhookValues.channelPrefixes(),
              WebhookConfig.Builder::channelPrefixes),
          Key.of("headers", WebhookValues.headers(), WebhookConfig.Builder::headers),
          Key.of("allow_link_local", bool(), WebhookConfig.Builder::allowLinkLocal),
          Key.of("timeout", seconds(1), WebhookConfig.Builder::timeout),
          Key.of("retry_for", seconds(0), WebhookConfig.Builder::retryFor));

  static final Section<RuleDraft> RULE =
      Section.of(
          Key.of("pattern", channelPattern(), RuleDraft::pattern),
          Key.of("allow", allow(), RuleDraft::allow));

  static final Section<JwtDraft> JWT =
      Section.of(
          Key.of("jwks_url", AuthEndpointValues.jwksUrl(), JwtDraft::jwksUrl),
          Key.of("secret", secret(), JwtDraft::secret),
          Key.of("issuer", JwtDraft.identifier(), JwtDraft::issuer),
          Key.of("audience", JwtDraft.identifier(), JwtDraft::audience),
          Key.of("algorithms", JwtDraft.algorithm().list("[RS256]"), JwtDraft::algorithms),
          Key.of("user_claim", JwtDraft.claim(), JwtDraft::userClaim),
          Key.of("user_by", JwtDraft.by(), JwtDraft::userBy));

  static final Section<AuthEndpointConfig.Builder> AUTH_ENDPOINT =
      Section.of(
          Key.of("host", host(), AuthEndpointConfig.Builder::host),
          Key.of("port", port(), AuthEndpointConfig.Builder::port),
          Key.of("app", appId(), AuthEndpointConfig.Builder::app),
          Key.of(
              "server_url", AuthEndpointValues.serverUrl(), AuthEndpointConfig.Builder::serverUrl),
          Key.of(
              "database", AuthEndpointValues.database(), (into, url) -> into.database().url(url)),
          Key.of("database_user", password(), (into, user) -> into.database().user(user)),
          Key.of(
              "database_password", password(), (into, secret) -> into.database().password(secret)),
          Key.of(
              "database_connections", atLeast(1), (into, max) -> into.database().connections(max)),
          Key.of("jwt", JwtDraft::read),
          Key.of(
              "channels",
              RuleDraft.type().list("[{pattern: \"private-{id}\", allow: user}]"),
              AuthEndpointConfig.Builder::channels));

  static final Section<LoggingConfig.Builder> LOGGING =
      Section.of(
          Key.of("level", oneOf(LogLevel.class), LoggingConfig.Builder::level),
          Key.of("format", oneOf(LogFormat.class), LoggingConfig.Builder::format));

  static final Section<DndConfig.Builder> DND =
      Section.of(
          Key.of("mode", oneOf(DndMode.class), DndConfig.Builder::mode),
          Key.of("suppress", event().list("[notification.*]"), DndConfig.Builder::suppress));

  static final Section<StatusRules.Builder> STATUS_RULES =
      Section.of(
          Key.of("offline_after", seconds(0), StatusRules.Builder::offlineAfter),
          Key.of("idle_after", seconds(1), StatusRules.Builder::idleAfter),
          Key.of("away_after", seconds(1), StatusRules.Builder::awayAfter),
          Key.of("coalesce", decimalSeconds(), StatusRules.Builder::coalesce),
          Key.of("retention", seconds(1), StatusRules.Builder::retention),
          Key.part("dnd", DND, StatusRules.Builder::dnd));

  static final Section<Draft> FILE =
      Section.of(
          Key.part("server", SERVER, Draft::server),
          Key.part("admin", ADMIN, Draft::admin),
          Key.part("scaling", SCALING, Draft::scaling),
          Key.items("apps", APP, Draft::addApp),
          Key.part("status", STATUS_RULES, Draft::status),
          Key.part("auth_endpoint", AUTH_ENDPOINT, Draft::authEndpoint),
          Key.part("logging", LOGGING, Draft::logging));

  private Keys() {}
}
