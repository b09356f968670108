package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.http.HttpAnswers;
import dev.carillon.protocol.http.Info;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** {@code GET /apps/<id>/channels}: the channels that have subscribers, but users' own. */
final class ChannelsEndpoint implements Endpoint {
  private static final String PRESENCE_PREFIX = "presence-";

  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    String prefix = call.request().parameter("filter_by_prefix");
    Set<Info> info = call.info();
    if (info.contains(Info.USER_COUNT) && !prefix.startsWith(PRESENCE_PREFIX)) {
      throw ProtocolException.invalid(
          "user_count may only be requested for presence channels - please supply"
              + " filter_by_prefix begining with presence-");
    }
    return call.hub()
        .occupancy()
        .channels(call.app().id(), prefix)
        .thenCompose(
            channels ->
                ChannelInfos.of(
                    call.hub(),
                    channels.keySet().stream()
                        .filter(channel -> channel.type() != ChannelType.USER)
                        .collect(Collectors.toList()),
                    info))
        .thenApply(infos -> ApiResponse.json(HttpAnswers.channels(infos)));
  }
}
