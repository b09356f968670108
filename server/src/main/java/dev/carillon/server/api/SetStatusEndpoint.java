package dev.carillon.server.api;

import dev.carillon.protocol.http.StatusRequest;
import dev.carillon.protocol.status.UserReport;
import dev.carillon.server.app.App;
import java.util.concurrent.CompletionStage;

/** {@code POST /apps/<id>/users/<user>/status}: says how a user shall be seen. */
final class SetStatusEndpoint implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    App app = call.app();
    StatusRequest request =
        StatusRequest.parse(
            call.request().body(),
            new StatusRequest.Rules(app.status().location(), app.relaxedChannelNames()));
    return call.statuses()
        .set(call.user(), request)
        .thenApply(UserReport::toBytes)
        .thenApply(ApiResponse::json);
  }
}
