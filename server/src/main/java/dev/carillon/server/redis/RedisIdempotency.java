package dev.carillon.server.redis;

import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.idempotency.RequestName;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of a cluster. Whoever comes first claims a request's name in Redis, and puts the
 * answer there before it is given: so it is known everywhere to whoever has had it. Who comes to
 * another node meanwhile looks for it again and again; should the first fail, or die, one of those
 * is done.
 *
 * <p>Thread-safe.
 */
final class RedisIdempotency implements Idempotency {
  private static final Logger LOG = LoggerFactory.getLogger(RedisIdempotency.class);

  private static final Script CLAIM = Script.load("claim.lua");
  private static final Script ANSWER = Script.load("answer.lua");
  private static final Script RELEASE = Script.load("release.lua");

  /** How often to look whether another node has answered. */
  private static final Duration LOOK = Duration.ofMillis(50);

  /** How often to try to put an answer in for those who come later. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** A request that takes so long is taken for dead with its node, at least. */
  private static final Duration DEAD = Duration.ofSeconds(10);

  /** Requests that ask for the same: one of a node stands for all. */
  private record Asked(RequestName name, String fingerprint) {}

  private final ConcurrentMap<Asked, Request> asked = new ConcurrentHashMap<>();
  private final RedisNode node;
  private final long deadMicros;

  /**
   * Remembers nothing by itself.
   *
   * @param atMost how long a request may take to be done
   */
  RedisIdempotency(RedisNode node, Duration atMost) {
    Duration twice = atMost.multipliedBy(2);
    this.node = node;
    this.deadMicros =
        (twice.compareTo(DEAD) > 0 ? twice : DEAD).toNanos()
            / ChronoUnit.MICROS.getDuration().toNanos();
  }

  @Override
  public CompletionStage<Answer> once(
      RequestName name, String fingerprint, Supplier<CompletionStage<byte[]>> request) {
    Request mine = new Request(new Asked(name, fingerprint), request);
    Request first = asked.putIfAbsent(mine.asked, mine);
    if (first != null) {
      return first.answer.thenApply(answer -> new Answer(answer.body(), true));
    }
    mine.ask();
    return mine.answer;
  }

  /** The first of a node's requests of a name, until it is answered everywhere. */
  private final class Request {
    private final Asked asked;
    private final Supplier<CompletionStage<byte[]>> request;
    private final List<byte[]> keys;
    private final String claim = node.nextOperation() + "@" + node.origin();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final long begunAt = System.nanoTime();

    Request(Asked asked, Supplier<CompletionStage<byte[]>> request) {
      this.asked = asked;
      this.request = request;
      this.keys = List.of(node.keys().request(asked.name()));
    }

    void ask() {
      List<byte[]> arguments =
          NodeLease.arguments(asked.fingerprint(), claim, REMEMBERED.toMillis(), deadMicros);
      node.commands()
          .submit((pipeline, again) -> CLAIM.on(pipeline, keys, arguments))
          .whenComplete(
              (outcome, failure) -> {
                if (failure == null) {
                  decided((List<?>) outcome);
                } else {
                  release(failure); // it may have been claimed
                }
              });
    }

    private void decided(List<?> outcome) {
      switch (NodeLease.text(outcome.get(0))) {
        case "mine" -> run();
        case "pending" -> node.after(LOOK, this::ask);
        case "answered" -> {
          forget();
          answer.complete(new Answer((byte[]) outcome.get(1), true));
        }
        default -> fail(asked.name().usedByAnother());
      }
    }

    private void run() {
      CompletionStage<byte[]> done;
      try {
        done = request.get();
      } catch (RuntimeException failure) {
        done = CompletableFuture.failedStage(failure);
      }
      done.whenComplete(
          (body, failure) -> {
            if (failure == null) {
              store(body);
            } else {
              release(failure);
            }
          });
    }

    /** What is done is a success whether or not it can be remembered in time. */
    private void store(byte[] body) {
      List<byte[]> arguments = NodeLease.arguments(claim, body);
      node.commands()
          .submit((pipeline, again) -> ANSWER.on(pipeline, keys, arguments))
          .whenComplete(
              (stored, failure) -> {
                if (failure == null || isOver()) {
                  forget();
                } else {
                  LOG.debug("Answer is to be stored again", failure);
                  node.after(RETRY, () -> store(body));
                }
                answer.complete(new Answer(body, false));
              });
    }

    private boolean isOver() {
      return System.nanoTime() - begunAt >= REMEMBERED.toNanos();
    }

    private void release(Throwable failure) {
      List<byte[]> arguments = NodeLease.arguments(claim);
      node.commands().submit((pipeline, again) -> RELEASE.on(pipeline, keys, arguments));
      fail(failure);
    }

    private void fail(Throwable failure) {
      forget();
      answer.completeExceptionally(failure);
    }

    private void forget() {
      RedisIdempotency.this.asked.remove(asked, this);
    }
  }
}
