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
  public AppConfigBuilder toBuilder() {
    return new AppConfigBuilder(this);
  }
}
