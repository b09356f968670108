package dev.carillon.server.config;

/** What a webhook can tell of; in lower case it is the {@code name} of the event. */
public enum WebhookKind {
  CHANNEL_OCCUPIED,
  CHANNEL_VACATED,
  MEMBER_ADDED,
  MEMBER_REMOVED,
  CLIENT_EVENT,
  CACHE_MISS,
  SUBSCRIPTION_COUNT,
  USER_STATUS_UPDATED
}
