package dev.carillon.server.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A call about how users are; refused where an app's users have no status. */
record OfStatus(Endpoint endpoint) implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    return call.hub().statuses().enabled()
        ? endpoint.call(call)
        : CompletableFuture.completedStage(
            ApiResponse.text(
                403, "The app's users have no status: its configuration has status.enabled off"));
  }
}
