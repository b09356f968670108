package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.http.StatusesQuery;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.UserReport;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /apps/<id>/statuses}: how several users are, those named or those in a presence
 * channel. Who was never seen is left out.
 */
final class StatusesEndpoint implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    Map<String, List<String>> query = call.request().query();
    Set<Status> wanted =
        query.containsKey("status")
            ? StatusesQuery.statuses(call.request().parameter("status"))
            : EnumSet.allOf(Status.class);
    return users(call)
        .thenCompose(users -> call.statuses().reports(users))
        .thenApply(
            reports ->
                reports.stream().filter(report -> wanted.contains(report.seen().status())).toList())
        .thenApply(reports -> ApiResponse.json(UserReport.statuses(reports)));
  }

  private static CompletionStage<List<UserId>> users(ApiCall call) {
    boolean byId = call.request().query().containsKey("user_ids");
    boolean byChannel = call.request().query().containsKey("channel");
    if (byId == byChannel) {
      throw ProtocolException.invalid(
          "Invalid user_ids: got "
              + (byId ? "channel too" : "none, and no channel")
              + ", allowed is one of user_ids and channel");
    }
    if (byId) {
      return CompletableFuture.completedStage(
          StatusesQuery.users(call.request().parameter("user_ids")));
    }
    ChannelName channel = call.app().channel(call.request().parameter("channel"));
    if (channel.type() != ChannelType.PRESENCE) {
      throw ProtocolException.invalid(
          "Invalid channel: got '" + channel + "', allowed are presence channels");
    }
    return call.hub()
        .presence()
        .members(call.hub().topic(channel))
        .thenApply(snapshot -> snapshot.members().stream().map(Member::userId).toList());
  }
}
