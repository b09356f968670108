package dev.carillon.server.app;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.ClientEventsFrom;
import dev.carillon.server.config.RateLimiting;
import dev.carillon.server.config.StatusConfig;
import java.time.Duration;
import java.util.List;

/**
 * One tenant: who may connect, with which limits. Live state of it is in the channel package's
 * {@code Hub}.
 *
 * <p>Immutable.
 *
 * @param maxConnections 0 for no limit
 * @param cacheTtl for how long a cache channel keeps its last event
 * @param maxPresenceMembers users in one presence channel; 0 for no limit
 * @param signinTimeout zero for no limit
 */
public record App(
    String id,
    Credentials credentials,
    boolean enabled,
    boolean forceTls,
    List<OriginPattern> allowedOrigins,
    Duration pingInterval,
    Duration pongTimeout,
    Duration activityTimeout,
    int maxConnections,
    int maxMessageBytes,
    int maxEventBytes,
    int maxPresenceMembers,
    int maxPresenceInfoBytes,
    ClientEventsFrom clientEventsFrom,
    int clientEventsPerSecond,
    RateLimiting rateLimiting,
    boolean subscriptionCount,
    Duration cacheTtl,
    boolean relaxedChannelNames,
    Duration signinTimeout,
    StatusConfig status) {

  /** Defensive copy. */
  public App {
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  /** The app that is configured so. */
  public static App of(AppConfig config) {
    return new App(
        config.id(),
        new Credentials(config.key(), config.secret()),
        config.enabled(),
        config.forceTls(),
        config.allowedOrigins().stream().map(OriginPattern::new).toList(),
        config.pingInterval(),
        config.pongTimeout(),
        config.activityTimeout(),
        config.maxConnections(),
        config.maxMessageBytes(),
        config.maxEventBytes(),
        config.maxPresenceMembers(),
        config.maxPresenceInfoBytes(),
        config.acceptClientEventsFrom(),
        config.clientEventsPerSecond(),
        config.rateLimiting(),
        config.subscriptionCount(),
        config.cacheTtl(),
        config.relaxedChannelNames(),
        config.signinTimeout(),
        config.status());
  }

  /**
   * The channel of that name, by this app's rule for names.
   *
   * @throws ProtocolException if the name is not valid
   */
  public ChannelName channel(String name) {
    return relaxedChannelNames ? ChannelName.relaxed(name) : ChannelName.of(name);
  }

  /** Whether a page of that host may connect. */
  public boolean allowsOrigin(String host) {
    return allowedOrigins.stream().anyMatch(pattern -> pattern.matches(host));
  }
}
