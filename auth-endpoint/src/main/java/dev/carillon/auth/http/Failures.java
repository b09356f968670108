package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what went wrong as {@code {"message": …}}; only a bug of ours is logged. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);
  private static final Duration LINGER = Duration.ofSeconds(2);
  // What the router itself may answer: no such path, no such method, a body that is too large, …
  private static final List<Integer> OF_THE_ROUTER = List.of(400, 404, 405, 406, 413, 415, 417);

  private final Router router;

  Failures(Router router) {
    this.router = router;
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
    if (context.failure() instanceof Refusal refusal) {
      refuse(context, refusal);
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

  private static void refuse(RoutingContext context, Refusal refusal) {
    ObjectNode body = Json.object().put("message", refusal.text());
    if (!refusal.errors().isEmpty()) {
      body.set("errors", Json.of(refusal.errors()));
    }
    refusal
        .retryAfterSeconds()
        .ifPresent(s -> context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(s)));
    Json.answer(context, refusal.status(), body);
  }
}
