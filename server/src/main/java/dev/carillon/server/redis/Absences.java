package dev.carillon.server.redis;

import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Users who have gone and may come back. A script decides, once, whether a user has: whoever runs
 * it. The node on which the absence began does so in time. Should it die before, any other does:
 * all look each second at what nobody has ended.
 *
 * <p>Thread-safe.
 */
final class Absences {
  private static final Logger LOG = LoggerFactory.getLogger(Absences.class);

  private static final Script GRACE = Script.load("grace.lua");
  private static final Script OFFLINE = Script.load("offline.lua");
  private static final Script OVERDUE = Script.load("overdue.lua");
  private static final Script SETTLE = Script.load("settle.lua");

  private static final Duration TICK = Duration.ofSeconds(1);

  /** So long who is nearest may take, before all others look. */
  private static final Duration OVERDUE_AFTER = Duration.ofMillis(500);

  private static final int LOOK_AT_MOST = 200;

  private final RedisNode node;
  private final Duration grace;

  Absences(RedisNode node, Duration grace) {
    this.node = node;
    this.grace = grace;
  }

  void start() {
    node.after(TICK, this::look);
  }

  /**
   * A user may have gone.
   *
   * @param expected the answer to {@link #expected}, which was sent before
   * @param departed completes when Redis knows that the user has gone
   */
  CompletionStage<Void> begin(
      Topic user, CompletionStage<Object> expected, CompletionStage<Object> departed) {
    return expected.thenCombine(
        departed,
        (due, absent) -> {
          node.after(grace, () -> unfailing(end(user, (byte[]) due)));
          return null;
        });
  }

  /** Makes that an absence is looked at, also if this node dies as soon as it has begun. */
  Command<Object> expected(Topic user) {
    return (pipeline, again) ->
        GRACE.on(pipeline, graces(), NodeLease.arguments(NodeIndex.name(user), graceMicros()));
  }

  /** Has a user looked at of whom it may be forgotten that there is an absence. */
  void lookAt(String indexed) {
    unfailing(node.commands().submit(expected(NodeIndex.user(indexed))));
  }

  private CompletionStage<?> end(Topic user, byte[] due) {
    return node.commands()
        .submit((pipeline, again) -> offline(pipeline, user))
        .thenCompose(
            outcome ->
                (Long) outcome < 0
                    ? CompletableFuture.completedStage(null)
                    : node.commands()
                        .submit(
                            (pipeline, again) ->
                                SETTLE.on(
                                    pipeline,
                                    graces(),
                                    NodeLease.arguments(NodeIndex.name(user), due))));
  }

  private Response<Object> offline(AbstractPipeline pipeline, Topic user) {
    return OFFLINE.on(
        pipeline,
        List.of(of(user), sequence(user), channel(user)),
        NodeLease.arguments(node.pubSub().verb(), change(user, false)));
  }

  private void look() {
    unfailing(lookOnce().whenComplete((looked, failure) -> node.after(TICK, this::look)));
  }

  private CompletionStage<?> lookOnce() {
    List<byte[]> arguments = NodeLease.arguments(OVERDUE_AFTER.toNanos() / 1000, LOOK_AT_MOST);
    return node.commands()
        .submit((pipeline, again) -> OVERDUE.on(pipeline, graces(), arguments))
        .thenCompose(overdue -> endAll((List<?>) overdue));
  }

  private CompletionStage<?> endAll(List<?> overdue) {
    CompletableFuture<?>[] ended = new CompletableFuture<?>[overdue.size() / 2];
    for (int i = 0; i < ended.length; i++) {
      Topic user = NodeIndex.user(NodeLease.text(overdue.get(2 * i)));
      ended[i] = end(user, (byte[]) overdue.get(2 * i + 1)).toCompletableFuture();
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(ended);
    return ended.length < LOOK_AT_MOST ? all : all.thenCompose(more -> lookOnce());
  }

  /** What is not done now is done when somebody looks again. */
  private static void unfailing(CompletionStage<?> stage) {
    stage.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.debug("Absences are to be looked at again", failure);
          }
        });
  }

  long graceMicros() {
    return grace.toNanos() / ChronoUnit.MICROS.getDuration().toNanos();
  }

  private List<byte[]> graces() {
    return List.of(node.keys().graces());
  }

  byte[] of(Topic user) {
    return node.keys().of(user, "absence");
  }

  byte[] sequence(Topic user) {
    return node.keys().of(user, "status-sequence");
  }

  byte[] channel(Topic user) {
    return RedisKeys.bytes(node.keys().channel(user));
  }

  /** What is published, without its sequence. */
  byte[] change(Topic user, boolean online) {
    UserId id = new UserId(user.channel().user(), false);
    byte[] message = ServerEvent.WatchlistEvents.change(id, online).toBytes();
    return EnvelopeCodec.tail(Envelope.change(message, null, 0), node.origin(), 0, false);
  }
}
