package dev.carillon.server.api;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.http.CacheInfo;
import dev.carillon.protocol.http.ChannelInfo;
import dev.carillon.protocol.http.Info;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.directory.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads what was asked for of channels, and tells it. */
final class ChannelInfos {
  /** What is asked for of a channel. */
  record Wanted(ChannelName channel, Set<Info> infos) {
    private Directory.Question question(Hub hub) {
      return new Directory.Question(hub.topic(channel), users(), infos.contains(Info.CACHE));
    }

    /** Only where there are users. */
    private boolean users() {
      return infos.contains(Info.USER_COUNT) && channel.type() == ChannelType.PRESENCE;
    }

    private boolean counts() {
      return users() || infos.contains(Info.SUBSCRIPTION_COUNT);
    }
  }

  private ChannelInfos() {}

  /** What is asked for of several channels, in their order; one read of all. */
  static CompletionStage<List<ChannelInfo>> of(Hub hub, List<Wanted> wanted) {
    List<Directory.Question> questions =
        wanted.stream().filter(Wanted::counts).map(one -> one.question(hub)).toList();
    if (questions.isEmpty()) {
      return CompletableFuture.completedStage(
          wanted.stream().map(nothing -> ChannelInfo.NONE).toList());
    }
    return hub.directory().of(questions).thenApply(facts -> told(wanted, facts));
  }

  private static List<ChannelInfo> told(List<Wanted> wanted, List<Directory.Facts> facts) {
    List<ChannelInfo> infos = new ArrayList<>(wanted.size());
    int next = 0;
    for (Wanted one : wanted) {
      infos.add(one.counts() ? told(one, facts.get(next++)) : ChannelInfo.NONE);
    }
    return infos;
  }

  /** Of one of several channels. */
  static ChannelInfo told(Wanted wanted, Directory.Facts facts) {
    return new ChannelInfo(null, users(wanted, facts), subscriptions(wanted, facts), null);
  }

  /** All that is told of a single channel. */
  static CompletionStage<ChannelInfo> whole(Hub hub, Wanted wanted) {
    return hub.directory()
        .of(List.of(wanted.question(hub)))
        .thenApply(facts -> whole(wanted, facts.get(0)));
  }

  private static ChannelInfo whole(Wanted wanted, Directory.Facts facts) {
    return new ChannelInfo(
        facts.subscriptions() > 0,
        users(wanted, facts),
        subscriptions(wanted, facts),
        wanted.infos.contains(Info.CACHE) ? cache(facts.last()) : null);
  }

  private static @Nullable Integer users(Wanted wanted, Directory.Facts facts) {
    return wanted.users() ? facts.users() : null;
  }

  private static @Nullable Integer subscriptions(Wanted wanted, Directory.Facts facts) {
    return wanted.infos.contains(Info.SUBSCRIPTION_COUNT) ? facts.subscriptions() : null;
  }

  private static CacheInfo cache(ChannelCache.Last last) {
    CachedEvent event = last.event();
    return event == null
        ? CacheInfo.EMPTY
        : new CacheInfo(event.data(), last.ttl().plusNanos(999_999_999).toSeconds());
  }

  /** The same after events to them; where that is asked for, also which were suppressed. */
  static CompletionStage<List<ChannelInfo>> ofEvents(
      Hub hub, List<Wanted> wanted, IntPredicate suppressed) {
    return of(hub, wanted)
        .thenApply(
            infos ->
                IntStream.range(0, infos.size())
                    .mapToObj(
                        i ->
                            wanted.get(i).infos.contains(Info.SUPPRESSED)
                                ? infos.get(i).withSuppressed(suppressed.test(i))
                                : infos.get(i))
                    .toList());
  }
}
