package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.redis.Reads.Read;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a cluster: asks what scripts have counted in Redis, never other nodes.
 *
 * <p>Thread-safe.
 */
final class RedisDirectory implements Directory {
  private final RedisKeys keys;
  private final Reads reads;

  RedisDirectory(RedisKeys keys, Reads reads) {
    this.keys = keys;
    this.reads = reads;
  }

  @Override
  public CompletionStage<List<Facts>> of(List<Question> questions) {
    List<Read> all = new ArrayList<>();
    for (Question question : questions) {
      Topic topic = question.topic();
      String name = topic.channel().value();
      all.add(new Read("field", occupancy(topic.appId()), name));
      if (question.users()) {
        all.add(new Read("field", keys.userCounts(topic), name));
      }
      if (question.event()) {
        all.add(new Read("kept", keys.of(topic, "cached"), ""));
      }
    }
    return reads.all(all).thenApply(answers -> facts(questions, answers.iterator()));
  }

  private static List<Facts> facts(List<Question> questions, Iterator<Object> answers) {
    List<Facts> facts = new ArrayList<>(questions.size());
    for (Question question : questions) {
      facts.add(
          new Facts(
              number(answers.next()),
              question.users() ? number(answers.next()) : 0,
              question.event()
                  ? RedisChannelCache.last((List<?>) answers.next())
                  : ChannelCache.Last.NONE));
    }
    return facts;
  }

  @Override
  public CompletionStage<Map<ChannelName, Facts>> channels(
      String appId, String prefix, boolean users) {
    List<Read> all = new ArrayList<>();
    all.add(new Read("begin", occupancy(appId), prefix));
    if (users) {
      keys.allUserCounts(appId).forEach(key -> all.add(new Read("begin", key, prefix)));
    }
    return reads.all(all).thenApply(RedisDirectory::channels);
  }

  private static Map<ChannelName, Facts> channels(List<Object> answers) {
    Map<String, Integer> users = new TreeMap<>();
    answers.subList(1, answers.size()).forEach(counts -> users.putAll(byName(counts)));
    Map<ChannelName, Facts> channels = new TreeMap<>(Comparator.comparing(ChannelName::value));
    byName(answers.get(0))
        .forEach(
            (name, count) ->
                channels.put(
                    ChannelName.ofValue(name),
                    new Facts(count, users.getOrDefault(name, 0), ChannelCache.Last.NONE)));
    return channels;
  }

  private static Map<String, Integer> byName(Object namesAndCounts) {
    Map<String, Integer> byName = new TreeMap<>();
    for (Iterator<?> each = ((List<?>) namesAndCounts).iterator(); each.hasNext(); ) {
      byName.put(NodeLease.text(each.next()), number(each.next()));
    }
    return byName;
  }

  private static int number(@Nullable Object count) {
    return count == null ? 0 : Integer.parseInt(NodeLease.text(count));
  }

  private byte[] occupancy(String appId) {
    return keys.ofApp(appId, "occupancy");
  }
}
