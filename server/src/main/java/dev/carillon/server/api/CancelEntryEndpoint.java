package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.http.HttpAnswers;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * {@code POST /apps/<id>/users/<user>/status/schedule/<entry>/cancel}: an entry is not wanted any
 * more. The body does not matter.
 */
final class CancelEntryEndpoint implements Endpoint {
  private static final ApiResponse ACCEPTED = ApiResponse.json(HttpAnswers.empty());
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    String id = call.name(1);
    if (!ID.matcher(id).matches()) {
      throw ProtocolException.notFound("No schedule entry of that id, allowed are numbers");
    }
    return call.statuses().cancel(call.user(), Long.parseLong(id)).thenApply(cancelled -> ACCEPTED);
  }
}
