package dev.carillon.server.redis;

import dev.carillon.server.broker.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Reads that belong together: one command for each master that has some of what is read, all sent
 * at the same time.
 *
 * <p>Thread-safe.
 */
final class Reads {
  private static final Script READ = Script.load("read.lua");

  /** How the script says that a slot has another master than it had when the reads were grouped. */
  private static final String NOT_HERE = "NOTHERE";

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final RedisNode node;
  private final Duration timeout;

  /**
   * Reads on that node.
   *
   * @param timeout how long is waited for slots that move
   */
  Reads(RedisNode node, Duration timeout) {
    this.node = node;
    this.timeout = timeout;
  }

  /** One read: see the script. */
  record Read(String kind, byte[] key, String argument) {}

  /** The answers, in the order of the reads. */
  CompletionStage<List<Object>> all(List<Read> reads) {
    CompletableFuture<List<Object>> answered = new CompletableFuture<>();
    attempt(reads, System.nanoTime() + timeout.toNanos(), answered);
    return answered;
  }

  private void attempt(List<Read> reads, long deadline, CompletableFuture<List<Object>> answered) {
    send(reads)
        .whenComplete(
            (answers, failure) -> {
              if (failure == null) {
                answered.complete(answers);
              } else if (!moved(failure)) {
                answered.completeExceptionally(failure);
              } else if (System.nanoTime() - deadline > 0) {
                answered.completeExceptionally(
                    new UnavailableException("Slots of Redis are moving: try again"));
              } else {
                node.clients().topology().refresh();
                node.after(PAUSE, () -> attempt(reads, deadline, answered));
              }
            });
  }

  private static boolean moved(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof JedisDataException error
        && String.valueOf(error.getMessage()).startsWith(NOT_HERE);
  }

  private CompletionStage<List<Object>> send(List<Read> reads) {
    List<@Nullable Object> answers = new ArrayList<>(Collections.nCopies(reads.size(), null));
    return CompletableFuture.allOf(
            byMaster(reads).values().stream()
                .map(places -> send(reads, places, answers))
                .toArray(CompletableFuture[]::new))
        .thenApply(all -> answers);
  }

  /** Where in the list each master's reads are. */
  private Map<@Nullable HostAndPort, List<Integer>> byMaster(List<Read> reads) {
    SlotMap slots = node.clients().topology().current();
    Map<@Nullable HostAndPort, List<Integer>> byMaster = new HashMap<>();
    for (int i = 0; i < reads.size(); i++) {
      HostAndPort master = slots.masterOf(SlotMap.slotOf(reads.get(i).key()));
      byMaster.computeIfAbsent(master, first -> new ArrayList<>()).add(i);
    }
    return byMaster;
  }

  private CompletableFuture<Void> send(
      List<Read> reads, List<Integer> places, List<@Nullable Object> answers) {
    List<byte[]> key = List.of(reads.get(places.get(0)).key());
    List<byte[]> arguments = new ArrayList<>(3 * places.size());
    for (int place : places) {
      Read read = reads.get(place);
      arguments.addAll(NodeLease.arguments(read.kind(), read.key(), read.argument()));
    }
    return node.commands()
        .submit((pipeline, again) -> READ.on(pipeline, key, arguments))
        .thenAccept(
            answer -> {
              for (int i = 0; i < places.size(); i++) {
                answers.set(places.get(i), ((List<?>) answer).get(i));
              }
            })
        .toCompletableFuture();
  }
}
