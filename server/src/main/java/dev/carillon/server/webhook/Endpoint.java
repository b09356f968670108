package dev.carillon.server.webhook;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.config.WebhookKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where an app's events go, which of them, and how many wait.
 *
 * <p>Thread-safe.
 */
final class Endpoint {
  private final String appId;
  private final String fileName;
  private final WebhookConfig config;
  private final Credentials credentials;
  private final AtomicLong waiting = new AtomicLong();

  private Endpoint(AppConfig app, WebhookConfig config, int ordinal) {
    this.appId = app.id();
    this.config = config;
    this.credentials = new Credentials(app.key(), app.secret());
    this.fileName = "endpoint-" + hash(config.url() + "\n" + ordinal);
  }

  /** Those of an app. Two with one address are two. */
  static List<Endpoint> of(AppConfig app) {
    Map<String, Integer> ordinals = new HashMap<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (WebhookConfig config : app.webhooks()) {
      int ordinal = ordinals.merge(config.url().toString(), 1, Integer::sum);
      endpoints.add(new Endpoint(app, config, ordinal));
    }
    return endpoints;
  }

  /** A name for files, of 32 characters, that any text may have. */
  static String hash(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }

  String appId() {
    return appId;
  }

  /** The same for every process, whatever else is configured. */
  String fileName() {
    return fileName;
  }

  WebhookConfig config() {
    return config;
  }

  Credentials credentials() {
    return credentials;
  }

  /** How many events it was not told of yet. */
  AtomicLong waiting() {
    return waiting;
  }

  /** Whether it is told of such events on that channel. */
  boolean wants(WebhookKind kind, String channel) {
    return config.events().contains(kind)
        && (config.channelPrefixes().isEmpty()
            || config.channelPrefixes().stream().anyMatch(channel::startsWith));
  }

  /** As the log names it. */
  @Override
  public String toString() {
    return config.shown();
  }
}
