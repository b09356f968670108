package dev.carillon.server.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of nodes that died when a master of a cluster lost what it had: their lease, or the
 * index of their entries, which lie on other masters. Live nodes put theirs in again, the dead do
 * not; so once after such a loss one node looks through all keys, and makes the dead known again.
 *
 * <p>Thread-safe.
 */
final class Remains {
  private static final Logger LOG = LoggerFactory.getLogger(Remains.class);

  private static final Script SCAN = Script.load("scan.lua");
  private static final Script LIFELESS = Script.load("lifeless.lua");

  /** All live nodes have new lives by then. */
  private static final Duration AFTER = Duration.ofSeconds(3);

  /** Whoever is first spares the others the work. */
  private static final Duration SPREAD = Duration.ofSeconds(2);

  private static final int KEYS_AT_ONCE = 500;

  private final RedisNode node;
  private final Random random;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile String searched = "";

  Remains(RedisNode node, Random random) {
    this.node = node;
    this.random = random;
  }

  /**
   * Has a search made if there was none since a master was emptied, or replaced.
   *
   * @param masters by the number of the epoch of each: when what it keeps was begun, and where
   */
  void check(Map<Integer, String> masters) {
    String state = masters.toString();
    if (masters.size() > 1 && !state.equals(searched) && underWay.compareAndSet(false, true)) {
      node.after(
          AFTER.plusMillis(random.nextInt((int) SPREAD.toMillis())),
          () -> begin(List.copyOf(masters.keySet()), state));
    }
  }

  private void begin(List<Integer> masters, String state) {
    byte[] known = node.keys().searched();
    node.commands()
        .submit((pipeline, again) -> pipeline.get(known))
        .thenCompose(
            last ->
                last != null && NodeLease.text(last).equals(state)
                    ? CompletableFuture.completedStage("OK")
                    : search(masters)
                        .thenCompose(
                            all ->
                                node.commands()
                                    .submit(
                                        (pipeline, again) ->
                                            pipeline.set(known, RedisKeys.bytes(state)))))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                searched = state;
              } else {
                LOG.debug("Remains of dead nodes are to be searched for again", failure);
              }
              underWay.set(false);
            });
  }

  private CompletionStage<Void> search(List<Integer> masters) {
    LOG.info("Searching for entries of nodes that nobody knows masters={}", masters.size());
    return CompletableFuture.allOf(
        masters.stream()
            .map(master -> new Search(node.keys().epoch(master)).made)
            .toArray(CompletableFuture[]::new));
  }

  /** The search at one master; confined to the thread of {@link RedisCommands}. */
  private final class Search {
    private final byte[] master;
    private final Set<String> judged = new HashSet<>();
    private final Set<String> dead = new HashSet<>();
    private final CompletableFuture<Void> made = new CompletableFuture<>();

    Search(byte[] master) {
      this.master = master;
      from("0");
    }

    private void from(String cursor) {
      List<byte[]> arguments =
          NodeLease.arguments(
              cursor,
              node.keys().pattern(),
              KEYS_AT_ONCE,
              RedisKeys.bytes(node.keys().prefix()).length);
      node.commands()
          .submit((pipeline, again) -> SCAN.on(pipeline, List.of(master), arguments))
          .thenCompose(answer -> found((List<?>) answer))
          .whenComplete(
              (next, failure) -> {
                if (failure != null) {
                  made.completeExceptionally(failure);
                } else if (next.equals("0")) {
                  made.complete(null);
                } else {
                  from(next);
                }
              });
    }

    private CompletionStage<String> found(List<?> answer) {
      Map<String, List<byte[]>> names = new HashMap<>();
      List<?> pairs = (List<?>) answer.get(1);
      for (int i = 0; i < pairs.size(); i += 2) {
        names
            .computeIfAbsent(NodeLease.text(pairs.get(i)), first -> new ArrayList<>())
            .add((byte[]) pairs.get(i + 1));
      }
      List<?> absent = (List<?>) answer.get(2);
      absent.forEach(user -> node.ports().lookAtAbsence(NodeLease.text(user)));
      return judge(names.keySet())
          .thenCompose(all -> tell(names))
          .thenApply(told -> NodeLease.text(answer.get(0)));
    }

    private CompletionStage<Void> judge(Set<String> nodes) {
      List<byte[]> unknown = nodes.stream().filter(judged::add).map(RedisKeys::bytes).toList();
      return unknown.isEmpty()
          ? CompletableFuture.completedStage(null)
          : node.commands()
              .submit(
                  (pipeline, again) -> LIFELESS.on(pipeline, List.of(node.keys().nodes()), unknown))
              .thenAccept(ids -> ((List<?>) ids).forEach(id -> dead.add(NodeLease.text(id))));
    }

    /** Whoever evicts looks into the index. */
    private CompletionStage<Void> tell(Map<String, List<byte[]>> names) {
      return CompletableFuture.allOf(
          names.keySet().stream()
              .filter(dead::contains)
              .map(id -> tell(id, names.getOrDefault(id, List.of())))
              .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Long> tell(String id, List<byte[]> names) {
      byte[] index = node.keys().ofNode(id);
      return node.commands()
          .submit((pipeline, again) -> pipeline.sadd(index, names.toArray(byte[][]::new)))
          .toCompletableFuture();
    }
  }
}
