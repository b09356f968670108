package dev.carillon.server.occupancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every occupancy does. */
abstract class OccupancyContract {
  private static final Topic NEWS = topic("3", "news");

  private final List<String> told = new CopyOnWriteArrayList<>();
  private Occupancy occupancy;

  /** One of which nothing is known, that tells that listener. */
  abstract Occupancy occupancy(OccupancyListener listener);

  private final class Recorder implements OccupancyListener {
    @Override
    public void channelOccupied(Topic topic) {
      told.add("occupied " + topic.appId() + " " + topic.channel());
    }

    @Override
    public void channelVacated(Topic topic) {
      told.add("vacated " + topic.appId() + " " + topic.channel());
    }
  }

  @BeforeEach
  void open() {
    occupancy = occupancy(new Recorder());
  }

  @Test
  void aChannelThatWasNeverUsedHasNoSubscriptions() throws Exception {
    assertThat(now(occupancy.subscriptions(NEWS))).isZero();
  }

  @Test
  void whoEntersIsCounted() throws Exception {
    occupancy.entered(NEWS);
    occupancy.entered(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(2);
  }

  @Test
  void whoHasEnteredIsToldOfAtOnce() throws Exception {
    for (int i = 1; i <= 3; i++) {
      now(occupancy.entered(NEWS));
      assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(i);
    }
  }

  @Test
  void theLastToLeaveEmptiesTheChannel() throws Exception {
    occupancy.entered(NEWS);
    occupancy.entered(NEWS);
    occupancy.left(NEWS);
    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(1);

    occupancy.left(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isZero();
  }

  @Test
  void nobodyLeavesWhoDidNotEnter() throws Exception {
    occupancy.left(NEWS);
    occupancy.entered(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(1);
  }

  @Test
  void theFirstAndTheLastSubscriberAreToldOf() throws Exception {
    occupancy.entered(NEWS);
    occupancy.entered(NEWS);
    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(2);
    assertThat(told).containsExactly("occupied 3 news");

    occupancy.left(NEWS);
    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(1);
    assertThat(told).hasSize(1);

    occupancy.left(NEWS);
    assertThat(now(occupancy.subscriptions(NEWS))).isZero();
    assertThat(told).containsExactly("occupied 3 news", "vacated 3 news");
  }

  @Test
  void channelsOfSeveralAppsAreToldOfByThemselves() throws Exception {
    Topic other = topic("4", "news");
    occupancy.entered(NEWS);
    assertThat(now(occupancy.subscriptions(NEWS))).isEqualTo(1);
    occupancy.entered(other);
    assertThat(now(occupancy.subscriptions(other))).isEqualTo(1);
    occupancy.left(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isZero();
    assertThat(now(occupancy.subscriptions(other))).isEqualTo(1);
    assertThat(told).containsExactly("occupied 3 news", "occupied 4 news", "vacated 3 news");
  }

  @Test
  void nobodyIsToldOfOneWhoDidNotEnter() throws Exception {
    occupancy.left(NEWS);

    assertThat(now(occupancy.subscriptions(NEWS))).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void comingAndGoingAreToldByTurns() throws Exception {
    CompletableFuture.allOf(
            CompletableFuture.runAsync(this::comeAndGo),
            CompletableFuture.runAsync(this::comeAndGo),
            CompletableFuture.runAsync(this::comeAndGo))
        .get(30, TimeUnit.SECONDS);
    assertThat(now(occupancy.subscriptions(NEWS))).isZero();

    for (int i = 0; i < told.size(); i++) {
      assertThat(told.get(i)).isEqualTo(i % 2 == 0 ? "occupied 3 news" : "vacated 3 news");
    }
    assertThat(told.size() % 2).isZero();
  }

  private void comeAndGo() {
    for (int i = 0; i < 300; i++) {
      occupancy.entered(NEWS);
      occupancy.left(NEWS);
    }
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
