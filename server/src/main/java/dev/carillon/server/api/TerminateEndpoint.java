package dev.carillon.server.api;

import dev.carillon.protocol.http.HttpAnswers;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /apps/<id>/users/<user>/terminate_connections}: closes a user's connections. The body
 * does not matter, nor whether there are any.
 */
final class TerminateEndpoint implements Endpoint {
  private static final ApiResponse ACCEPTED = ApiResponse.json(HttpAnswers.empty());

  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    return call.hub().terminate(call.user()).thenApply(accepted -> ACCEPTED);
  }
}
