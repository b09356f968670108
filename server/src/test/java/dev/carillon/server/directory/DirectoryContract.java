package dev.carillon.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.directory.Directory.Facts;
import dev.carillon.server.directory.Directory.Question;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.presence.Presence;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every directory does. */
abstract class DirectoryContract {
  private static final SocketId ONE = new SocketId("1.1");
  private static final SocketId TWO = new SocketId("2.2");

  Occupancy occupancy;
  Presence presence;
  ChannelCache cache;
  Directory directory;

  /** Sets the four, of which nothing is known. */
  abstract void make();

  @BeforeEach
  void open() {
    make();
  }

  @Test
  void nothingIsKnownOfAChannelThatWasNeverUsed() throws Exception {
    assertThat(of("presence-a")).isEqualTo(new Facts(0, 0, ChannelCache.Last.NONE));
    assertThat(now(directory.channels("3", "", true))).isEmpty();
  }

  @Test
  void channelsAreListedByAppAndPrefixInTheOrderOfTheirNames() throws Exception {
    for (String channel : List.of("presence-b", "presence-a", "news")) {
      now(occupancy.entered(topic("3", channel)));
    }
    now(occupancy.entered(topic("4", "presence-c")));

    assertThat(now(directory.channels("3", "presence-", false)).keySet())
        .containsExactly(ChannelName.of("presence-a"), ChannelName.of("presence-b"));
    assertThat(now(directory.channels("3", "x", false))).isEmpty();
    assertThat(now(directory.channels("3", "", false))).hasSize(3);
    assertThat(now(directory.channels("4", "", false))).hasSize(1);
    assertThat(now(directory.channels("5", "", false))).isEmpty();
  }

  @Test
  void usersAreCountedOnceWhereverTheirChannelsLie() throws Exception {
    List<Topic> rooms = IntStream.range(0, 300).mapToObj(i -> topic("3", "presence-" + i)).toList();
    for (Topic room : rooms) {
      now(occupancy.entered(room));
      join(room, ONE, "7");
      join(room, TWO, "7");
    }
    join(rooms.get(0), TWO, "8");
    presence.leave(rooms.get(1), ONE, user("7"));
    presence.leave(rooms.get(2), ONE, user("7"));
    presence.leave(rooms.get(2), TWO, user("7"));

    assertThat(now(directory.channels("3", "presence-", true)))
        .hasSize(300)
        .allSatisfy(
            (name, facts) ->
                assertThat(facts)
                    .isEqualTo(new Facts(1, users(name.value()), ChannelCache.Last.NONE)));
    assertThat(
            now(directory.of(rooms.stream().map(room -> new Question(room, true, false)).toList())))
        .extracting(Facts::users)
        .isEqualTo(rooms.stream().map(room -> users(room.channel().value())).toList());
  }

  private static int users(String room) {
    return switch (room) {
      case "presence-0" -> 2;
      case "presence-2" -> 0;
      default -> 1;
    };
  }

  @Test
  void ofOneChannelAllIsTold() throws Exception {
    Topic room = topic("3", "presence-cache-a");
    now(occupancy.entered(room));
    now(occupancy.entered(room));
    join(room, ONE, "7");
    CachedEvent event =
        CachedEvent.of(new ServerEvent.ChannelMessage(room.channel(), "e", RawJson.string("x")));
    now(cache.publish(room, event, Duration.ofSeconds(60), null));

    Facts facts = of("presence-cache-a");

    assertThat(facts.subscriptions()).isEqualTo(2);
    assertThat(facts.users()).isEqualTo(1);
    assertThat(facts.last().event()).isNotNull();
    assertThat(facts.last().event().message()).isEqualTo(event.message());
    assertThat(facts.last().ttl()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(60));
  }

  private Facts of(String channel) throws Exception {
    return now(directory.of(List.of(new Question(topic("3", channel), true, true)))).get(0);
  }

  private void join(Topic room, SocketId socket, String user) throws Exception {
    now(presence.join(room, socket, new Member(user(user), null), 0));
  }

  private static UserId user(String id) {
    return new UserId(id, false);
  }

  private static Topic topic(String app, String channel) {
    return new Topic(app, ChannelName.of(channel));
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
