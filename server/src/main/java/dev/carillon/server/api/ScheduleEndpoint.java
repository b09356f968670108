package dev.carillon.server.api;

import dev.carillon.protocol.http.ScheduleRequest;
import dev.carillon.protocol.status.ScheduleEntry;
import java.util.concurrent.CompletionStage;

/** {@code POST /apps/<id>/users/<user>/status/schedule}: a user will have a status for a time. */
final class ScheduleEndpoint implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    return call.statuses()
        .schedule(call.user(), ScheduleRequest.parse(call.request().body()))
        .thenApply(ScheduleEntry::toBytes)
        .thenApply(ApiResponse::json);
  }
}
