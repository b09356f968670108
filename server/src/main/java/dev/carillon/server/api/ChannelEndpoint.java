package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.http.Info;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /apps/<id>/channels/<channel>}: whether a channel has subscribers; of one that was
 * never used too.
 */
final class ChannelEndpoint implements Endpoint {
  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    ChannelName channel = call.app().channel(call.subject());
    Set<Info> info = call.info();
    if (info.contains(Info.USER_COUNT) && channel.type() != ChannelType.PRESENCE) {
      throw ProtocolException.invalid(
          "Cannot retrieve the user count unless the channel is a presence channel");
    }
    if (info.contains(Info.CACHE) && !channel.isCache()) {
      throw ProtocolException.invalid(
          "Cannot retrieve the cache unless the channel is a cache channel");
    }
    return ChannelInfos.whole(call.hub(), new ChannelInfos.Wanted(channel, info))
        .thenApply(answer -> ApiResponse.json(answer.toBytes()));
  }
}
