package dev.carillon.server.api;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.http.CacheInfo;
import dev.carillon.protocol.http.ChannelInfo;
import dev.carillon.protocol.http.Info;
import dev.carillon.protocol.http.TriggerRequest;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.channel.Hub;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads what was asked for of channels. */
final class ChannelInfos {
  private static final CompletionStage<Integer> NOT_ASKED = CompletableFuture.completedStage(-1);

  private ChannelInfos() {}

  /** What was asked for of one channel; a user count only where there are users. */
  static CompletionStage<ChannelInfo> of(Hub hub, ChannelName channel, Set<Info> info) {
    Topic topic = hub.topic(channel);
    boolean users = info.contains(Info.USER_COUNT) && channel.type() == ChannelType.PRESENCE;
    boolean subscriptions = info.contains(Info.SUBSCRIPTION_COUNT);
    if (!users && !subscriptions) {
      return CompletableFuture.completedStage(ChannelInfo.NONE);
    }
    return (users ? hub.presence().count(topic) : NOT_ASKED)
        .thenCombine(
            subscriptions ? hub.occupancy().subscriptions(topic) : NOT_ASKED,
            (userCount, subscriptionCount) ->
                new ChannelInfo(
                    null,
                    users ? userCount : null,
                    subscriptions ? subscriptionCount : null,
                    null));
  }

  /** What a cache channel keeps; {@code null} if that was not asked for. */
  static CompletionStage<@Nullable CacheInfo> cache(Hub hub, ChannelName channel, Set<Info> info) {
    return info.contains(Info.CACHE)
        ? hub.cache().last(hub.topic(channel)).thenApply(ChannelInfos::cache)
        : CompletableFuture.completedStage(null);
  }

  private static CacheInfo cache(ChannelCache.Last last) {
    CachedEvent event = last.event();
    return event == null
        ? CacheInfo.EMPTY
        : new CacheInfo(event.data(), last.ttl().plusNanos(999_999_999).toSeconds());
  }

  /** What was asked for of several channels, in their order. */
  static CompletionStage<Map<ChannelName, ChannelInfo>> of(
      Hub hub, Collection<ChannelName> channels, Set<Info> info) {
    List<ChannelName> names = List.copyOf(channels);
    return all(names.stream().map(channel -> of(hub, channel, info)).toList())
        .thenApply(
            infos -> {
              Map<ChannelName, ChannelInfo> byName = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                byName.put(names.get(i), infos.get(i));
              }
              return byName;
            });
  }

  /**
   * What was asked for of an event, for each of its channels; those that were suppressed say so.
   */
  static CompletionStage<Map<ChannelName, ChannelInfo>> ofEvent(
      Hub hub, TriggerRequest event, Set<ChannelName> suppressed) {
    return of(hub, event.channels(), event.info())
        .thenApply(
            infos -> {
              if (event.info().contains(Info.SUPPRESSED)) {
                infos.replaceAll((name, info) -> info.withSuppressed(suppressed.contains(name)));
              }
              return infos;
            });
  }

  /** What was asked for of an event of a batch, which has one channel. */
  static CompletionStage<ChannelInfo> ofEvent(Hub hub, TriggerRequest event, boolean suppressed) {
    ChannelName channel = event.channels().get(0);
    return ofEvent(hub, event, suppressed ? Set.of(channel) : Set.of())
        .thenApply(infos -> infos.getOrDefault(channel, ChannelInfo.NONE));
  }

  /** All values, in order. */
  static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
    CompletionStage<List<T>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (CompletionStage<T> stage : stages) {
      all =
          all.thenCombine(
              stage,
              (list, value) -> {
                list.add(value);
                return list;
              });
    }
    return all;
  }
}
