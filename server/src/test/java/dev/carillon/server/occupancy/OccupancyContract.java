package dev.carillon.server.occupancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every occupancy does. */
abstract class OccupancyContract {
  private static final Topic NEWS = topic("3", "news");

  private Occupancy occupancy;

  /** One of which nothing is known. */
  abstract Occupancy occupancy();

  @BeforeEach
  void open() {
    occupancy = occupancy();
  }

  @Test
  void aChannelThatWasNeverUsedHasNoSubscriptions() throws Exception {
    assertThat(now(occupancy.subscriptions(NEWS))).isZero();
    assertThat(now(occupancy.channels("3", ""))).isEmpty();
  }

  @Test
  void whoEntersIsCounted() throws Exception {
    occupancy.entered(NEWS);
    occupancy.entered(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(2);
    assertThat(now(occupancy.channels("3", ""))).isEqualTo(Map.of(ChannelName.of("news"), 2));
  }

  @Test
  void theLastToLeaveEmptiesTheChannel() throws Exception {
    occupancy.entered(NEWS);
    occupancy.entered(NEWS);
    occupancy.left(NEWS);
    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(1);

    occupancy.left(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isZero();
    assertThat(now(occupancy.channels("3", ""))).isEmpty();
  }

  @Test
  void nobodyLeavesWhoDidNotEnter() throws Exception {
    occupancy.left(NEWS);
    occupancy.entered(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(1);
  }

  @Test
  void channelsAreListedByAppAndPrefix() throws Exception {
    occupancy.entered(topic("3", "presence-b"));
    occupancy.entered(topic("3", "presence-a"));
    occupancy.entered(NEWS);
    occupancy.entered(topic("4", "presence-c"));

    assertThat(now(occupancy.channels("3", "presence-")).keySet())
        .containsExactly(ChannelName.of("presence-a"), ChannelName.of("presence-b"));
    assertThat(now(occupancy.channels("3", "x"))).isEmpty();
    assertThat(now(occupancy.channels("4", ""))).hasSize(1);
    assertThat(now(occupancy.channels("5", ""))).isEmpty();
  }

  @Test
  void countsFromSeveralThreadsAddUp() throws Exception {
    CompletableFuture.allOf(
            CompletableFuture.runAsync(this::enterAndLeave),
            CompletableFuture.runAsync(this::enterAndLeave),
            CompletableFuture.runAsync(this::enterAndLeave))
        .get(30, TimeUnit.SECONDS);

    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(3 * 500);
  }

  private void enterAndLeave() {
    for (int i = 0; i < 500; i++) {
      occupancy.entered(NEWS);
      occupancy.entered(NEWS);
      occupancy.left(NEWS);
    }
  }

  private static Topic topic(String app, String channel) {
    return new Topic(app, ChannelName.of(channel));
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
