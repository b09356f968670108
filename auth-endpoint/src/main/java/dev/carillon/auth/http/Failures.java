package dev.carillon.auth.http;

import dev.carillon.auth.database.DatabaseUnavailableException;
import dev.carillon.auth.jwt.KeysUnavailableException;
import dev.carillon.auth.outbound.OncePerMinute;
import dev.carillon.auth.status.StatusApiException;
import dev.carillon.auth.status.StatusApiException.Kind;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what went wrong as {@code {"message": …}}. A bug of ours is logged with its stack trace;
 * what others lack (the database, the server, the identity provider) in a line, once a minute.
 *
 * <p>Thread-safe.
 */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);
  private static final Duration LINGER = Duration.ofSeconds(2);
  // What the router itself may answer: no such path, no such method, a body that is too large, …
  private static final List<Integer> OF_THE_ROUTER = List.of(400, 404, 405, 406, 413, 415, 417);

  private final Router router;
  private final OncePerMinute database;
  private final OncePerMinute server;

  Failures(Router router, InstantSource clock) {
    this.router = router;
    this.database = new OncePerMinute(clock);
    this.server = new OncePerMinute(clock);
  }

  /** Comes after all routes of that router. */
  void handleAll() {
    router.route().failureHandler(this::failed);
    OF_THE_ROUTER.forEach(status -> router.errorHandler(status, this::failed));
  }

  private void failed(RoutingContext context) {
    if (context.response().headWritten()) {
      context.request().connection().close();
      return;
    }
    Optional<Refusal> refusal = refusal(context.failure());
    if (refusal.isPresent()) {
      refuse(context, refusal.get());
      return;
    }
    int status = status(context);
    if (status >= 500) {
      log.error(
          "request failed method={} path={}",
          context.request().method(),
          context.normalizedPath(),
          context.failure());
    }
    if (status == 405) {
      context.response().putHeader(HttpHeaders.ALLOW, allowed(context));
    }
    if (status == 413) {
      closeSoon(context);
    }
    String reason = context.response().setStatusCode(status).getStatusMessage() + ".";
    Json.answer(context, status, Json.object().put("message", reason));
  }

  private String allowed(RoutingContext context) {
    return router.getRoutes().stream()
        .filter(route -> context.normalizedPath().equals(route.getPath()))
        .flatMap(route -> route.methods().stream())
        .map(HttpMethod::name)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Not at once: a client that is still sending would find a reset instead of the answer. */
  private static void closeSoon(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    context.response().putHeader(HttpHeaders.CONNECTION, "close");
    context.vertx().setTimer(LINGER.toMillis(), timer -> connection.close());
  }

  private static int status(RoutingContext context) {
    int status = context.statusCode();
    // -1 and 200 are said of a request that could not be read to its end.
    return status >= 400 ? status : status == 200 ? 400 : 500;
  }

  /** What others lack, as a refusal; empty if it is a bug of ours, or the router's. */
  private Optional<Refusal> refusal(@Nullable Throwable failure) {
    if (failure instanceof Refusal known) {
      return Optional.of(known);
    }
    if (failure instanceof DatabaseUnavailableException) {
      if (database.now()) {
        log.warn("database away: {}", rootCause(failure));
      }
      return Optional.of(Refusal.unavailable("The user database cannot be reached at the moment."));
    }
    if (failure instanceof KeysUnavailableException) {
      return Optional.of(
          Refusal.unavailable("The identity provider's keys cannot be fetched at the moment."));
    }
    return failure instanceof StatusApiException api ? Optional.of(refusal(api)) : Optional.empty();
  }

  private Refusal refusal(StatusApiException failure) {
    if (failure.kind() == Kind.REFUSED) {
      return Refusal.invalid(PresenceFields.named(failure.text()), failure.text());
    }
    if (server.now()) {
      log.warn("status call failed kind={} why={}", failure.kind(), failure.text());
    }
    return failure.kind() == Kind.AWAY
        ? Refusal.unavailable("The Carillon server cannot be reached at the moment.")
        : Refusal.badGateway("The Carillon server did not answer as it should.");
  }

  /** What the innermost cause says that says anything: the end of a stream has no words. */
  private static String rootCause(Throwable failure) {
    String reason = failure.toString();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        reason = message;
      }
    }
    return reason.strip().lines().findFirst().orElse("");
  }

  private static void refuse(RoutingContext context, Refusal refusal) {
    refusal
        .retryAfterSeconds()
        .ifPresent(s -> context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(s)));
    Json.answer(context, refusal.status(), refusal.body());
  }
}
