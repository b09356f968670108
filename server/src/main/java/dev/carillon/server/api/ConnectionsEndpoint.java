package dev.carillon.server.api;

import dev.carillon.protocol.http.HttpAnswers;
import java.util.concurrent.CompletionStage;

/** {@code GET /apps/<id>/connections}: how many connections the app has, as Laravel Pulse asks. */
final class ConnectionsEndpoint implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    return call.hub()
        .connections()
        .thenApply(count -> ApiResponse.json(HttpAnswers.connections(count)));
  }
}
