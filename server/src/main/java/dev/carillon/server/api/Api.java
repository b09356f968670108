package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.limit.FailedSignatures;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API below {@code /apps/<id>}, and a user's path without it: finds the app, verifies the
 * signature, calls the endpoint. The order of the checks makes for texts that help: path, method,
 * app, failures before, signature, then the request itself.
 *
 * <p>Thread-safe.
 */
public final class Api {
  private static final Pattern PATH =
      Pattern.compile("/apps/([^/]+)/([a-z_]+)(?:/([^/]+))?(?:/([a-z_]+))?");

  /** Python's SDK leaves the app out of this path, and signs it so; the key tells the app. */
  private static final Pattern PATH_WITHOUT_APP =
      Pattern.compile("/users/([^/]+)/terminate_connections");

  /** A path's only method, and who answers. */
  private record Route(String method, Endpoint endpoint) {}

  /** By the shape of the path below the app: {@code *} stands for a name. */
  private final Map<String, Route> routes;

  private final Apps apps;
  private final Hubs hubs;
  private final FailedSignatures failedSignatures;
  private final InstantSource clock;

  public Api(
      Apps apps,
      Hubs hubs,
      Idempotency idempotency,
      FailedSignatures failedSignatures,
      InstantSource clock) {
    this.failedSignatures = failedSignatures;
    this.apps = apps;
    this.hubs = hubs;
    this.clock = clock;
    this.routes =
        Map.of(
            "events", new Route("POST", new TriggerEndpoint(idempotency)),
            "batch_events", new Route("POST", new BatchTriggerEndpoint(idempotency)),
            "channels", new Route("GET", new ChannelsEndpoint()),
            "channels/*", new Route("GET", new ChannelEndpoint()),
            "channels/*/users", new Route("GET", new ChannelUsersEndpoint()),
            "users/*/terminate_connections", new Route("POST", new TerminateEndpoint()),
            "connections", new Route("GET", new ConnectionsEndpoint()));
  }

  /** Answers a request; exceptionally only for a fault of ours. */
  public CompletionStage<ApiResponse> handle(ApiRequest request) {
    Matcher path = PATH.matcher(request.path());
    if (path.matches()) {
      String id = decoded(path.group(1));
      return routed(
          request,
          routes.get(shape(path)),
          apps.withId(id),
          () -> ApiResponse.text(404, "No matching application for ID [" + id + "]."),
          decoded(path.group(3)));
    }
    Matcher withoutApp = PATH_WITHOUT_APP.matcher(request.path());
    if (withoutApp.matches()) {
      return routed(
          request,
          routes.get("users/*/terminate_connections"),
          apps.withKey(request.parameter("auth_key")),
          () -> ApiResponse.text(401, "Unknown auth_key"),
          decoded(withoutApp.group(1)));
    }
    return answer(notFound(request));
  }

  private CompletionStage<ApiResponse> routed(
      ApiRequest request,
      @Nullable Route route,
      Optional<App> app,
      Supplier<ApiResponse> unknown,
      String subject) {
    if (route == null) {
      return answer(notFound(request));
    }
    if (!route.method.equals(request.method())) {
      return answer(ApiResponse.notAllowed(route.method));
    }
    if (app.isEmpty()) {
      return answer(unknown.get());
    }
    if (!app.get().enabled()) {
      return answer(ApiResponse.text(403, "App disabled"));
    }
    return verified(request, app.get(), route, subject);
  }

  private CompletionStage<ApiResponse> verified(
      ApiRequest request, App app, Route route, String subject) {
    int wait = failedSignatures.waitSeconds(request.client());
    if (wait > 0) {
      return answer(ApiResponse.tooMany(FailedSignatures.text(wait), wait));
    }
    try {
      RequestAuth.verify(
          app.credentials(),
          request.method(),
          request.path(),
          request.query(),
          request.body(),
          clock.instant());
      return route
          .endpoint
          .call(new ApiCall(hubs.of(app), request, subject))
          .exceptionally(Api::failed);
    } catch (ProtocolException mistake) {
      failedSignatures.count(request.client(), mistake);
      return answer(refused(mistake));
    }
  }

  /** What was found to be wrong, or out of reach, only while it was done. */
  private static ApiResponse failed(Throwable failure) {
    UnavailableException unavailable = UnavailableException.in(failure);
    if (unavailable != null) {
      return ApiResponse.text(503, unavailable.text());
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ProtocolException mistake) {
      return refused(mistake);
    }
    throw failure instanceof CompletionException completion
        ? completion
        : new CompletionException(failure);
  }

  private static ApiResponse notFound(ApiRequest request) {
    return ApiResponse.text(404, "Not found: " + request.path());
  }

  private static ApiResponse refused(ProtocolException mistake) {
    return ApiResponse.text(status(mistake), mistake.text());
  }

  private static int status(ProtocolException mistake) {
    return switch (mistake.kind()) {
      case AUTH -> 401;
      case TOO_LARGE -> 413;
      case INVALID, CHANNEL_NAME, LIMIT -> 400;
      case UNAVAILABLE -> 503;
    };
  }

  private static String shape(Matcher path) {
    String shape = path.group(2);
    if (path.group(3) != null) {
      shape += "/*";
    }
    return path.group(4) == null ? shape : shape + "/" + path.group(4);
  }

  private static String decoded(@Nullable String segment) {
    if (segment == null) {
      return "";
    }
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }

  private static CompletionStage<ApiResponse> answer(ApiResponse response) {
    return CompletableFuture.completedStage(response);
  }
}
