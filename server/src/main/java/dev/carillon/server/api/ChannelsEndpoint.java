package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.http.ChannelInfo;
import dev.carillon.protocol.http.HttpAnswers;
import dev.carillon.protocol.http.Info;
import dev.carillon.server.directory.Directory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

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
        .directory()
        .channels(call.app().id(), prefix, info.contains(Info.USER_COUNT))
        .thenApply(channels -> ApiResponse.json(HttpAnswers.channels(told(channels, info))));
  }

  private static Map<ChannelName, ChannelInfo> told(
      Map<ChannelName, Directory.Facts> channels, Set<Info> infos) {
    Map<ChannelName, ChannelInfo> told = new LinkedHashMap<>();
    channels.forEach(
        (channel, facts) -> {
          if (channel.type() != ChannelType.USER) {
            told.put(channel, ChannelInfos.told(new ChannelInfos.Wanted(channel, infos), facts));
          }
        });
    return told;
  }
}
