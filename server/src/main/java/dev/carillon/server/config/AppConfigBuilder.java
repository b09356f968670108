package dev.carillon.server.config;

import java.time.Duration;
import java.util.List;

/**
 * Varies an {@link AppConfig}.
 *
 * <p>Confined to one thread.
 */
public final class AppConfigBuilder {
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

  AppConfigBuilder(AppConfig from) {
    this.id = from.id();
    this.key = from.key();
    this.secret = from.secret();
    this.enabled = from.enabled();
    this.forceTls = from.forceTls();
    this.allowedOrigins = from.allowedOrigins();
    this.pingInterval = from.pingInterval();
    this.pongTimeout = from.pongTimeout();
    this.activityTimeout = from.activityTimeout();
    this.maxConnections = from.maxConnections();
    this.maxMessageBytes = from.maxMessageBytes();
    this.maxEventBytes = from.maxEventBytes();
    this.maxPresenceMembers = from.maxPresenceMembers();
    this.maxPresenceInfoBytes = from.maxPresenceInfoBytes();
    this.acceptClientEventsFrom = from.acceptClientEventsFrom();
    this.clientEventsPerSecond = from.clientEventsPerSecond();
    this.subscriptionCount = from.subscriptionCount();
    this.cacheTtl = from.cacheTtl();
    this.rateLimiting = from.rateLimiting().toBuilder();
    this.relaxedChannelNames = from.relaxedChannelNames();
    this.signinTimeout = from.signinTimeout();
    this.webhookPatience = from.webhookPatience();
    this.webhookSpoolBytes = from.webhookSpoolBytes();
    this.webhooks = from.webhooks();
    this.status = from.status().toBuilder();
  }

  public AppConfigBuilder id(String id) {
    this.id = id;
    return this;
  }

  public AppConfigBuilder key(String key) {
    this.key = key;
    return this;
  }

  public AppConfigBuilder secret(String secret) {
    this.secret = secret;
    return this;
  }

  public AppConfigBuilder enabled(boolean enabled) {
    this.enabled = enabled;
    return this;
  }

  public AppConfigBuilder forceTls(boolean forceTls) {
    this.forceTls = forceTls;
    return this;
  }

  public AppConfigBuilder allowedOrigins(List<String> allowedOrigins) {
    this.allowedOrigins = allowedOrigins;
    return this;
  }

  public AppConfigBuilder pingInterval(Duration pingInterval) {
    this.pingInterval = pingInterval;
    return this;
  }

  public AppConfigBuilder pongTimeout(Duration pongTimeout) {
    this.pongTimeout = pongTimeout;
    return this;
  }

  public AppConfigBuilder activityTimeout(Duration activityTimeout) {
    this.activityTimeout = activityTimeout;
    return this;
  }

  public AppConfigBuilder maxConnections(int maxConnections) {
    this.maxConnections = maxConnections;
    return this;
  }

  public AppConfigBuilder maxMessageBytes(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
    return this;
  }

  public AppConfigBuilder maxEventBytes(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
    return this;
  }

  public AppConfigBuilder maxPresenceMembers(int maxPresenceMembers) {
    this.maxPresenceMembers = maxPresenceMembers;
    return this;
  }

  public AppConfigBuilder maxPresenceInfoBytes(int maxPresenceInfoBytes) {
    this.maxPresenceInfoBytes = maxPresenceInfoBytes;
    return this;
  }

  public AppConfigBuilder acceptClientEventsFrom(ClientEventsFrom acceptClientEventsFrom) {
    this.acceptClientEventsFrom = acceptClientEventsFrom;
    return this;
  }

  public AppConfigBuilder clientEventsPerSecond(int clientEventsPerSecond) {
    this.clientEventsPerSecond = clientEventsPerSecond;
    return this;
  }

  public AppConfigBuilder subscriptionCount(boolean subscriptionCount) {
    this.subscriptionCount = subscriptionCount;
    return this;
  }

  public AppConfigBuilder cacheTtl(Duration cacheTtl) {
    this.cacheTtl = cacheTtl;
    return this;
  }

  RateLimiting.Builder rateLimiting() {
    return rateLimiting;
  }

  public AppConfigBuilder rateLimiting(RateLimiting value) {
    rateLimiting = value.toBuilder();
    return this;
  }

  public AppConfigBuilder relaxedChannelNames(boolean relaxedChannelNames) {
    this.relaxedChannelNames = relaxedChannelNames;
    return this;
  }

  public AppConfigBuilder signinTimeout(Duration signinTimeout) {
    this.signinTimeout = signinTimeout;
    return this;
  }

  public AppConfigBuilder webhookPatience(Duration webhookPatience) {
    this.webhookPatience = webhookPatience;
    return this;
  }

  public AppConfigBuilder webhookSpoolBytes(int webhookSpoolBytes) {
    this.webhookSpoolBytes = webhookSpoolBytes;
    return this;
  }

  public AppConfigBuilder webhooks(List<WebhookConfig> webhooks) {
    this.webhooks = webhooks;
    return this;
  }

  StatusConfig.Builder status() {
    return status;
  }

  public AppConfigBuilder status(StatusConfig value) {
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
