package dev.carillon.server.api;

import dev.carillon.protocol.http.ActivityRequest;
import dev.carillon.protocol.http.HttpAnswers;
import java.util.concurrent.CompletionStage;

/** {@code POST /apps/<id>/users/<user>/activity}: a user has done something. */
final class ActivityEndpoint implements Endpoint {
  private static final ApiResponse ACCEPTED = ApiResponse.json(HttpAnswers.empty());

  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    ActivityRequest request = ActivityRequest.parse(call.request().body());
    CompletionStage<Void> done =
        request.background()
            ? call.statuses().activeInBackground(call.user())
            : call.statuses().active(call.user(), request.deviceId());
    return done.thenApply(nothing -> ACCEPTED);
  }
}
