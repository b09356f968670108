package dev.carillon.server.config;

import java.time.Duration;
import java.util.List;

/**
 * One app: who may connect, with which limits.
 *
 * <p>Immutable.
 *
 * @param forceTls whether a plain {@code ws://} connection is refused
 * @param allowedOrigins host patterns with {@code *}
 * @param pingInterval without inbound traffic, after which the server sends a ping
 * @param pongTimeout without any inbound traffic after the ping, until the connection is closed
 * @param activityTimeout told to the client
 * @param maxConnections 0 for no limit
 * @param maxMessageBytes of a WebSocket message
 * @param maxEventBytes of an event's data by HTTP
 * @param maxPresenceMembers 0 for no limit
 * @param maxPresenceInfoBytes of a member's {@code user_info}
 * @param clientEventsPerSecond of one connection
 * @param rateLimiting of all messages of one connection
 * @param subscriptionCount whether subscribers are told how many they are
 * @param cacheTtl for how long a cache channel keeps its last event
 * @param relaxedChannelNames whether any printable character is allowed
 * @param signinTimeout within which a connection must sign in or join a signed channel; zero for no
 *     limit
 * @param webhookPatience how long who has left may come back without being told of
 * @param webhookSpoolBytes of events that wait on disk; beyond it the oldest become dead letters
 */
public record AppConfig(
    String id,
    String key,
    String secret,
    boolean enabled,
    boolean forceTls,
    List<String> allowedOrigins,
    Duration pingInterval,
    Duration pongTimeout,
    Duration activityTimeout,
    int maxConnections,
    int maxMessageBytes,
    int maxEventBytes,
    int maxPresenceMembers,
    int maxPresenceInfoBytes,
    ClientEventsFrom acceptClientEventsFrom,
    int clientEventsPerSecond,
    RateLimiting rateLimiting,
    boolean subscriptionCount,
    Duration cacheTtl,
    boolean relaxedChannelNames,
    Duration signinTimeout,
    Duration webhookPatience,
    int webhookSpoolBytes,
    List<WebhookConfig> webhooks,
    StatusConfig status) {
  /** Everybody knows it: it stands in the default file. */
  public static final String SAMPLE_SECRET = "app-secret";

  public AppConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    webhooks = List.copyOf(webhooks);
  }

  /** The app that an empty file means: {@code app-id}, {@code app-key}, {@code app-secret}. */
  public static AppConfig sample() {
    return new AppConfig(
        "app-id",
        "app-key",
        SAMPLE_SECRET,
        true,
        false,
        List.of("*"),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        0,
        65_536,
        102_400,
        0,
        2_048,
        ClientEventsFrom.MEMBERS,
        10,
        RateLimiting.off(),
        false,
        Duration.ofSeconds(1_800),
        false,
        Duration.ZERO,
        Duration.ofSeconds(3),
        67_108_864,
        List.of(),
        StatusConfig.defaults());
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "AppConfig[id=" + id + ", key=" + key + "]";
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies an {@link AppConfig}. Confined to one thread. */
  public static final class Builder {
    private String id;
    private String key;
    private String secret;
    private boolean enabled;
    private boolean forceTls;
    private List<String> allowedOrigins;
    private Duration pingInterval;
    private Duration pongTimeout;
    private Duration activityTimeout;
    private int maxConnections;
    private int maxMessageBytes;
    private int maxEventBytes;
    private int maxPresenceMembers;
    private int maxPresenceInfoBytes;
    private ClientEventsFrom acceptClientEventsFrom;
    private int clientEventsPerSecond;
    private boolean subscriptionCount;
    private Duration cacheTtl;
    private RateLimiting.Builder rateLimiting;
    private boolean relaxedChannelNames;
    private Duration signinTimeout;
    private Duration webhookPatience;
    private int webhookSpoolBytes;
    private List<WebhookConfig> webhooks;
    private StatusConfig.Builder status;

    private Builder(AppConfig from) {
      this.id = from.id;
      this.key = from.key;
      this.secret = from.secret;
      this.enabled = from.enabled;
      this.forceTls = from.forceTls;
      this.allowedOrigins = from.allowedOrigins;
      this.pingInterval = from.pingInterval;
      this.pongTimeout = from.pongTimeout;
      this.activityTimeout = from.activityTimeout;
      this.maxConnections = from.maxConnections;
      this.maxMessageBytes = from.maxMessageBytes;
      this.maxEventBytes = from.maxEventBytes;
      this.maxPresenceMembers = from.maxPresenceMembers;
      this.maxPresenceInfoBytes = from.maxPresenceInfoBytes;
      this.acceptClientEventsFrom = from.acceptClientEventsFrom;
      this.clientEventsPerSecond = from.clientEventsPerSecond;
      this.subscriptionCount = from.subscriptionCount;
      this.cacheTtl = from.cacheTtl;
      this.rateLimiting = from.rateLimiting.toBuilder();
      this.relaxedChannelNames = from.relaxedChannelNames;
      this.signinTimeout = from.signinTimeout;
      this.webhookPatience = from.webhookPatience;
      this.webhookSpoolBytes = from.webhookSpoolBytes;
      this.webhooks = from.webhooks;
      this.status = from.status.toBuilder();
    }

    public Builder id(String id) {
      this.id = id;
      return this;
    }

    public Builder key(String key) {
      this.key = key;
      return this;
    }

    public Builder secret(String secret) {
      this.secret = secret;
      return this;
    }

    public Builder enabled(boolean enabled) {
      this.enabled = enabled;
      return this;
    }

    public Builder forceTls(boolean forceTls) {
      this.forceTls = forceTls;
      return this;
    }

    public Builder allowedOrigins(List<String> allowedOrigins) {
      this.allowedOrigins = allowedOrigins;
      return this;
    }

    public Builder pingInterval(Duration pingInterval) {
      this.pingInterval = pingInterval;
      return this;
    }

    public Builder pongTimeout(Duration pongTimeout) {
      this.pongTimeout = pongTimeout;
      return this;
    }

    public Builder activityTimeout(Duration activityTimeout) {
      this.activityTimeout = activityTimeout;
      return this;
    }

    public Builder maxConnections(int maxConnections) {
      this.maxConnections = maxConnections;
      return this;
    }

    public Builder maxMessageBytes(int maxMessageBytes) {
      this.maxMessageBytes = maxMessageBytes;
      return this;
    }

    public Builder maxEventBytes(int maxEventBytes) {
      this.maxEventBytes = maxEventBytes;
      return this;
    }

    public Builder maxPresenceMembers(int maxPresenceMembers) {
      this.maxPresenceMembers = maxPresenceMembers;
      return this;
    }

    public Builder maxPresenceInfoBytes(int maxPresenceInfoBytes) {
      this.maxPresenceInfoBytes = maxPresenceInfoBytes;
      return this;
    }

    public Builder acceptClientEventsFrom(ClientEventsFrom acceptClientEventsFrom) {
      this.acceptClientEventsFrom = acceptClientEventsFrom;
      return this;
    }

    public Builder clientEventsPerSecond(int clientEventsPerSecond) {
      this.clientEventsPerSecond = clientEventsPerSecond;
      return this;
    }

    public Builder subscriptionCount(boolean subscriptionCount) {
      this.subscriptionCount = subscriptionCount;
      return this;
    }

    public Builder cacheTtl(Duration cacheTtl) {
      this.cacheTtl = cacheTtl;
      return this;
    }

    RateLimiting.Builder rateLimiting() {
      return rateLimiting;
    }

    public Builder rateLimiting(RateLimiting value) {
      rateLimiting = value.toBuilder();
      return this;
    }

    public Builder relaxedChannelNames(boolean relaxedChannelNames) {
      this.relaxedChannelNames = relaxedChannelNames;
      return this;
    }

    public Builder signinTimeout(Duration signinTimeout) {
      this.signinTimeout = signinTimeout;
      return this;
    }

    public Builder webhookPatience(Duration webhookPatience) {
      this.webhookPatience = webhookPatience;
      return this;
    }

    public Builder webhookSpoolBytes(int webhookSpoolBytes) {
      this.webhookSpoolBytes = webhookSpoolBytes;
      return this;
    }

    public Builder webhooks(List<WebhookConfig> webhooks) {
      this.webhooks = webhooks;
      return this;
    }

    StatusConfig.Builder status() {
      return status;
    }

    public Builder status(StatusConfig value) {
      status = value.toBuilder();
      return this;
    }

    public AppConfig build() {
      return new AppConfig(
          id,
          key,
          secret,
          enabled,
          forceTls,
          allowedOrigins,
          pingInterval,
          pongTimeout,
          activityTimeout,
          maxConnections,
          maxMessageBytes,
          maxEventBytes,
          maxPresenceMembers,
          maxPresenceInfoBytes,
          acceptClientEventsFrom,
          clientEventsPerSecond,
          rateLimiting.build(),
          subscriptionCount,
          cacheTtl,
          relaxedChannelNames,
          signinTimeout,
          webhookPatience,
          webhookSpoolBytes,
          webhooks,
          status.build());
    }
  }
}
