package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.protocol.status.UserReport;
import dev.carillon.server.api.ApiRoutes.Found;
import dev.carillon.server.api.ApiRoutes.Route;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.limit.FailedSignatures;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The HTTP API below {@code /apps/<id>}, and a user's path without it: finds the app, verifies the
 * signature, calls the endpoint. The order of the checks makes for texts that help: path, method,
 * app, failures before, signature, then the request itself.
 *
 * <p>Thread-safe.
 */
public final class Api {
  private static final Pattern PATH = Pattern.compile("/apps/([^/]+)/(.+)");

  /** Python's SDK leaves the app out of this path, and signs it so; the key tells the app. */
  private static final Pattern PATH_WITHOUT_APP =
      Pattern.compile("/(users/[^/]+/terminate_connections)");

  private final ApiRoutes routes;
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
    this.routes = routes(idempotency);
  }

  private static ApiRoutes routes(Idempotency idempotency) {
    return new ApiRoutes(
        new Route("POST", "events", new TriggerEndpoint(idempotency)),
        new Route("POST", "batch_events", new BatchTriggerEndpoint(idempotency)),
        new Route("GET", "channels", new ChannelsEndpoint()),
        new Route("GET", "channels/*", new ChannelEndpoint()),
        new Route("GET", "channels/*/users", new ChannelUsersEndpoint()),
        new Route("POST", "users/*/terminate_connections", new TerminateEndpoint()),
        new Route("GET", "connections", new ConnectionsEndpoint()),
        ofStatus("GET", "users/*/status", new UserStatusEndpoint(UserReport::toBytes)),
        ofStatus("POST", "users/*/status", new SetStatusEndpoint()),
        ofStatus("POST", "users/*/activity", new ActivityEndpoint()),
        ofStatus(
            "GET", "users/*/status/schedule", new UserStatusEndpoint(UserReport::scheduleToBytes)),
        ofStatus("POST", "users/*/status/schedule", new ScheduleEndpoint()),
        ofStatus("POST", "users/*/status/schedule/*/cancel", new CancelEntryEndpoint()),
        ofStatus("GET", "statuses", new StatusesEndpoint()));
  }

  private static Route ofStatus(String method, String path, Endpoint endpoint) {
    return new Route(method, path, new OfStatus(endpoint));
  }

  /** Answers a request; exceptionally only for a fault of ours. */
  public CompletionStage<ApiResponse> handle(ApiRequest request) {
    Matcher path = PATH.matcher(request.path());
    if (path.matches()) {
      String id = ApiRoutes.decoded(path.group(1));
      return routed(
          request,
          path.group(2),
          apps.withId(id),
          () -> ApiResponse.text(404, "No matching application for ID [" + id + "]."));
    }
    Matcher withoutApp = PATH_WITHOUT_APP.matcher(request.path());
    if (withoutApp.matches()) {
      return routed(
          request,
          withoutApp.group(1),
          apps.withKey(request.parameter("auth_key")),
          () -> ApiResponse.text(401, "Unknown auth_key"));
    }
    return answer(notFound(request));
  }

  private CompletionStage<ApiResponse> routed(
      ApiRequest request, String path, Optional<App> app, Supplier<ApiResponse> unknown) {
    Found found = routes.find(path).orElse(null);
    if (found == null) {
      return answer(notFound(request));
    }
    Endpoint endpoint = found.endpoints().get(request.method());
    if (endpoint == null) {
      return answer(ApiResponse.notAllowed(found.allow()));
    }
    if (app.isEmpty()) {
      return answer(unknown.get());
    }
    if (!app.get().enabled()) {
      return answer(ApiResponse.text(403, "App disabled"));
    }
    return verified(request, app.get(), endpoint, found.names());
  }

  private CompletionStage<ApiResponse> verified(
      ApiRequest request, App app, Endpoint endpoint, List<String> names) {
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
      return endpoint.call(new ApiCall(hubs.of(app), request, names)).exceptionally(Api::failed);
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
      case NOT_FOUND -> 404;
      case UNAVAILABLE -> 503;
    };
  }

  private static CompletionStage<ApiResponse> answer(ApiResponse response) {
    return CompletableFuture.completedStage(response);
  }
}
