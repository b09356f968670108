package dev.carillon.server.directory;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.presence.LocalPresence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The directory of a single node: asks what is in its memory.
 *
 * <p>Thread-safe.
 */
public final class LocalDirectory implements Directory {
  private final LocalOccupancy occupancy;
  private final LocalPresence presence;
  private final ChannelCache cache;

  public LocalDirectory(LocalOccupancy occupancy, LocalPresence presence, ChannelCache cache) {
    this.occupancy = occupancy;
    this.presence = presence;
    this.cache = cache;
  }

  @Override
  public CompletionStage<List<Facts>> of(List<Question> questions) {
    CompletionStage<List<Facts>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (Question question : questions) {
      all =
          all.thenCombine(
              of(question),
              (list, facts) -> {
                list.add(facts);
                return list;
              });
    }
    return all;
  }

  private CompletionStage<Facts> of(Question question) {
    Topic topic = question.topic();
    CompletionStage<ChannelCache.Last> last =
        question.event()
            ? cache.last(topic)
            : CompletableFuture.completedStage(ChannelCache.Last.NONE);
    return occupancy
        .subscriptions(topic)
        .thenCombine(
            last,
            (count, event) ->
                new Facts(count, question.users() ? presence.count(topic) : 0, event));
  }

  @Override
  public CompletionStage<Map<ChannelName, Facts>> channels(
      String appId, String prefix, boolean users) {
    Map<ChannelName, Facts> found = new LinkedHashMap<>();
    occupancy
        .channels(appId, prefix)
        .forEach(
            (name, count) ->
                found.put(
                    name,
                    new Facts(
                        count,
                        users ? presence.count(new Topic(appId, name)) : 0,
                        ChannelCache.Last.NONE)));
    return CompletableFuture.completedStage(found);
  }
}
