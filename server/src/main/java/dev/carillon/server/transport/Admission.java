package dev.carillon.server.transport;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.limit.AddressLimit;
import dev.carillon.server.metrics.Metrics;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect, by whatever transport.
 *
 * <p>Thread-safe.
 */
final class Admission {
  /** Whether a client was let in. */
  sealed interface Outcome permits Admitted, Refused {}

  /** It was, and is counted as a connection of the app. */
  record Admitted(Hub hub) implements Outcome {}

  /** It was not: the code and text that it is told. */
  record Refused(ErrorCode code, String message) implements Outcome {}

  private final Apps apps;
  private final Hubs hubs;
  private final AddressLimit handshakes;
  private final Metrics metrics;

  Admission(Apps apps, Hubs hubs, AddressLimit handshakes, Metrics metrics) {
    this.handshakes = handshakes;
    this.apps = apps;
    this.hubs = hubs;
    this.metrics = metrics;
  }

  /**
   * Lets a client in or not.
   *
   * @param encodedKey what follows {@code /app/}, as it was sent; may be empty
   * @param query the decoded parameters
   */
  Outcome admit(
      LoopWatch watch,
      Client client,
      HttpHeaders headers,
      String encodedKey,
      Map<String, List<String>> query) {
    Outcome outcome =
        handshakes.take(client.address())
            ? admitted(watch, client, headers, decoded(encodedKey), query)
            : new Refused(
                ErrorCode.OVER_CAPACITY, "Too many connections from this address at once");
    if (outcome instanceof Refused refused) {
      metrics.handshakeRefused(refused.code.code());
    } else {
      metrics.handshake();
    }
    return outcome;
  }

  private Outcome admitted(
      LoopWatch watch,
      Client client,
      HttpHeaders headers,
      String key,
      Map<String, List<String>> query) {
    App app = apps.withKey(key).orElse(null);
    if (app == null) {
      return unknown(key);
    }
    Refused refused = refusal(watch, client, app, headers, query);
    if (refused != null) {
      return refused;
    }
    Hub hub = hubs.of(app);
    return hub.connect()
        ? new Admitted(hub)
        : new Refused(
            ErrorCode.OVER_QUOTA,
            "The app has " + app.maxConnections() + " connections, as many as it may");
  }

  private static String decoded(String encodedKey) {
    try {
      return QueryStringDecoder.decodeComponent(encodedKey);
    } catch (IllegalArgumentException e) {
      return encodedKey; // it is no app's key, and is refused as such
    }
  }

  private static Outcome unknown(String key) {
    return key.isEmpty()
        ? new Refused(ErrorCode.PATH_NOT_FOUND, "Path not found: expected /app/<key>")
        : new Refused(ErrorCode.APP_UNKNOWN, "App key " + key + " does not exist");
  }

  private static @Nullable Refused refusal(
      LoopWatch watch,
      Client client,
      App app,
      HttpHeaders headers,
      Map<String, List<String>> query) {
    if (watch.draining()) {
      return new Refused(ErrorCode.OVER_CAPACITY, "Server is shutting down");
    }
    if (!app.enabled()) {
      return new Refused(ErrorCode.APP_DISABLED, "App " + app.id() + " is disabled");
    }
    if (app.forceTls() && !client.tls()) {
      return new Refused(ErrorCode.TLS_REQUIRED, "The app takes TLS connections only (wss)");
    }
    String protocol = query.getOrDefault("protocol", List.of("7")).get(0);
    if (!ProtocolVersion.isSpoken(protocol)) {
      return new Refused(
          ErrorCode.UNSUPPORTED_PROTOCOL,
          "Unsupported protocol version: got '" + protocol + "', allowed are 4 and above");
    }
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin != null && !app.allowsOrigin(Origin.host(origin))) {
      return new Refused(ErrorCode.UNAUTHORIZED, "Origin not allowed");
    }
    return null;
  }
}
