package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what went wrong as {@code {"message": …}}; only a bug of ours is logged. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);
  // What the router itself may answer: no such path, no such method, a body that is too large, …
  private static final List<Integer> OF_THE_ROUTER = List.of(400, 404, 405, 406, 413, 415, 417);

  private Failures() {}

  static void handleAll(Router router) {
    router.route().failureHandler(Failures::failed);
    OF_THE_ROUTER.forEach(status -> router.errorHandler(status, Failures::failed));
  }

  private static void failed(RoutingContext context) {
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
    if (status == 413) {
      // The rest of the body is not worth reading.
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
    String reason = HttpResponseStatus.valueOf(status).reasonPhrase() + ".";
    Json.answer(context, status, Json.object().put("message", reason));
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
