package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.http.HttpAnswers;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /apps/<id>/channels/<channel>/users}: who is in a presence channel, each user once.
 */
final class ChannelUsersEndpoint implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    ChannelName channel = call.app().channel(call.subject());
    if (channel.type() != ChannelType.PRESENCE) {
      throw ProtocolException.invalid("Users can only be retrieved for presence channels");
    }
    return call.hub()
        .presence()
        .members(call.hub().topic(channel))
        .thenApply(
            snapshot ->
                ApiResponse.json(
                    HttpAnswers.users(snapshot.members().stream().map(Member::userId).toList())));
  }
}
