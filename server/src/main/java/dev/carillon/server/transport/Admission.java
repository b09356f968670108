package dev.carillon.server.transport;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.limit.AddressLimit;
import dev.carillon.server.metrics.Metrics;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect, by whatever transport.
 *
 * <p>Thread-safe.
 */
final class Admission {
  /** Whether a client was let in. */
  sealed interface Outcome permits Admitted, Refused, Asked {}

  /** It was, and is counted in the app's quota. */
  record Admitted(Hub hub) implements Outcome {}

  /** It was not: the code and text that it is told. */
  record Refused(ErrorCode code, String message) implements Outcome {}

  /** It is not known yet: {@link #await}. */
  record Asked(Hub hub, CompletableFuture<Boolean> answer) implements Outcome {}

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final Refused DRAINING =
      new Refused(ErrorCode.OVER_CAPACITY, "Server is shutting down");

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
    return counted(outcome);
  }

  /**
   * Calls with the outcome when it is known, on the loop that has asked. The client may have gone
   * by then.
   */
  void await(Asked asked, LoopWatch watch, Consumer<Outcome> then) {
    asked
        .answer
        .handleAsync(
            (letIn, failure) -> {
              then.accept(counted(answered(asked.hub, watch, letIn, failure)));
              return asked;
            },
            watch.loop())
        .whenComplete(
            (done, fault) -> {
              if (fault != null) {
                LOG.error("Handshake failed app={}", asked.hub.app().id(), fault);
              }
            });
  }

  private Outcome counted(Outcome outcome) {
    if (outcome instanceof Refused refused) {
      metrics.handshakeRefused(refused.code.code());
    } else if (outcome instanceof Admitted) {
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
    CompletableFuture<Boolean> answer = hub.admit().toCompletableFuture();
    return answer.isDone() && !answer.isCompletedExceptionally()
        ? decided(hub, answer.getNow(false))
        : new Asked(hub, answer);
  }

  private static Outcome decided(Hub hub, boolean letIn) {
    return letIn
        ? new Admitted(hub)
        : new Refused(
            ErrorCode.OVER_QUOTA,
            "The app has " + hub.app().maxConnections() + " connections, as many as it may");
  }

  private static Outcome answered(
      Hub hub, LoopWatch watch, @Nullable Boolean letIn, @Nullable Throwable failure) {
    if (letIn == null) {
      return new Refused(ErrorCode.OVER_CAPACITY, failed(hub, failure));
    }
    if (letIn && watch.draining()) {
      hub.withdraw();
      return DRAINING;
    }
    return decided(hub, letIn);
  }

  private static String failed(Hub hub, @Nullable Throwable failure) {
    UnavailableException unavailable = UnavailableException.in(failure);
    if (unavailable != null) {
      return unavailable.text();
    }
    LOG.error("Connection not counted app={}", hub.app().id(), failure);
    return "Internal error";
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
      return DRAINING;
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
