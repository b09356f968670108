package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.UserReport;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code GET /apps/<id>/users/<user>/status}, and a part of it by paths below: how a user is who
 * was ever seen.
 *
 * @param told what is told of it
 */
record UserStatusEndpoint(Function<UserReport, byte[]> told) implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    UserId user = call.user();
    return call.statuses()
        .reports(List.of(user))
        .thenApply(
            reports -> {
              if (reports.isEmpty()) {
                throw ProtocolException.notFound("User never seen: " + user.value());
              }
              return ApiResponse.json(told.apply(reports.get(0)));
            });
  }
}
