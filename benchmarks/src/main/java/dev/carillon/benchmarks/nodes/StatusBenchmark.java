package dev.carillon.benchmarks.nodes;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures what users' statuses cost: {@code changes}, {@code memory} and {@code offline}, or all
 * of them, each on one node without scaling and then with it.
 */
public final class StatusBenchmark {
  private static final int TEAM = 50;
  private static final int AT_ONCE = 32;
  private static final int FEW = 8;
  private static final int READS = 200;
  private static final int LATE_SECONDS = 60;

  /** Of {@code user.status.updated}, whose data is a string: the user, and when it was sent. */
  private static final Pattern CHANGE =
      Pattern.compile("user_id\\\\\":\\\\\"(\\d+)\\\\\".*custom_message\\\\\":\\\\\"(\\d+)");

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final int seconds = Integer.getInteger("seconds", 20);
  private final int perSecond = Integer.getInteger("changes", 1000);
  private final int users = Integer.getInteger("users", 1000);
  private final int many = Integer.getInteger("many", 10_000);
  private final int grace = Integer.getInteger("grace", 20);

  private StatusBenchmark() {}

  /** Runs what is named. */
  public static void main(String[] names) throws Exception {
    StatusBenchmark benchmark = new StatusBenchmark();
    for (String name :
        names.length == 0 ? List.of("changes", "memory", "offline") : List.of(names)) {
      for (int nodes : new int[] {1, 3}) {
        switch (name) {
          case "changes" -> benchmark.changes(nodes);
          case "memory" -> benchmark.memory(nodes > 1);
          case "offline" -> benchmark.offline(nodes);
          default ->
              throw new IllegalArgumentException(name + ", expected changes, memory or offline");
        }
      }
    }
    System.exit(0); // the HTTP client's threads would go on
  }

  /** From before the request to another member of the team. */
  private void changes(int nodes) throws Exception {
    Latencies told = new Latencies();
    try (Cluster cluster = Cluster.withStatuses(nodes, nodes > 1, "");
        Members members = new Members()) {
      Pace.atOnce(
          AT_ONCE,
          users,
          i ->
              members.join(
                  cluster.node(i % nodes), team(i), "" + i, isFirst(i) ? watch(i, told) : null));
      // Until the JVMs are warm, which no more than a few at once must wait for.
      Pace.atOnce(FEW, perSecond * seconds / 2, i -> message(cluster, i));
      told.clear();
      Duration cpu = cluster.cpu();
      Duration redisCpu = cluster.redisCpu();
      Pace.everyTick(perSecond, seconds, i -> message(cluster, i));
      long expected = IntStream.range(0, perSecond * seconds).filter(i -> !isFirst(i)).count();
      for (int i = 0; i < LATE_SECONDS * 10 && told.size() < expected; i++) {
        TimeUnit.MILLISECONDS.sleep(100); // what is told is under way
      }
      out.printf(
          "changes, %d nodes, %d users in teams of %d, %d/s: told after p50 %.2f p99 %.2f ms"
              + " (%d of %d); CPU of the nodes %d ms/s, of Redis %d ms/s%n",
          nodes,
          users,
          TEAM,
          perSecond,
          told.millis(0.5),
          told.millis(0.99),
          told.size(),
          expected,
          cluster.cpu().minus(cpu).toMillis() / seconds,
          cluster.redisCpu().minus(redisCpu).toMillis() / seconds);
      read(cluster);
    }
  }

  private static String team(int user) {
    return "presence-team-" + user / TEAM;
  }

  /** The first of each team is the one who watches. */
  private boolean isFirst(int i) {
    return i % users % TEAM == 0;
  }

  private static Consumer<String> watch(int user, Latencies told) {
    return frame -> {
      Matcher change = CHANGE.matcher(frame);
      if (change.find() && Integer.parseInt(change.group(1)) != user) {
        told.since(Long.parseLong(change.group(2)));
      }
    };
  }

  private CompletableFuture<Void> message(Cluster cluster, int i) {
    return choose(
        cluster.node(i % cluster.nodes().size()),
        Integer.toString(i % users),
        "\"custom_message\":\"%d\"".formatted(System.nanoTime()));
  }

  private static CompletableFuture<Void> choose(Node node, String user, String more) {
    return node.post("/apps/1/users/" + user + "/status", "{\"status\":\"busy\"," + more + "}");
  }

  /** Reads the statuses of all of them, one request after the other. */
  private void read(Cluster cluster) throws Exception {
    int asked = Math.min(users, 1000);
    Map<String, String> ids =
        Map.of(
            "user_ids",
            IntStream.range(0, asked).mapToObj(Integer::toString).collect(Collectors.joining(",")));
    Latencies taken = new Latencies();
    int bytes = 0;
    for (int i = 0; i < 2 * READS; i++) {
      if (i == READS) {
        taken.clear(); // the JVMs are warm
      }
      long begun = System.nanoTime();
      bytes = cluster.node(0).get("/apps/1/statuses", ids).length();
      taken.since(begun);
    }
    out.printf(
        "  GET /statuses of %d users, %d bytes: median %.2f p99 %.2f ms%n",
        asked, bytes, taken.millis(0.5), taken.millis(0.99));
  }

  /** What users take who have a choice and a profile, and no connection. */
  private void memory(boolean scaling) throws Exception {
    try (Cluster cluster = Cluster.withStatuses(1, scaling, "")) {
      Node node = cluster.node(0);
      chooseAll(node, i -> "warm-" + i % TEAM); // all code is loaded
      long resident = node.residentBytes();
      long live = node.liveBytes();
      long redis = scaling ? cluster.redis().usedBytes() : 0;
      chooseAll(node, i -> "user-" + i);
      out.printf(
          "memory, scaling %s, %d users: bytes each: resident %d, live objects %d, Redis %d%n",
          scaling ? "on" : "off",
          many,
          (node.residentBytes() - resident) / many,
          (node.liveBytes() - live) / many,
          scaling ? (cluster.redis().usedBytes() - redis) / many : 0);
    }
  }

  private void chooseAll(Node node, IntFunction<String> user) throws InterruptedException {
    Pace.atOnce(
        AT_ONCE,
        many,
        i ->
            choose(
                node,
                user.apply(i),
                "\"custom_message\":\"In a call\",\"profile\":{\"name\":\"Name of %d\",\"avatar\":\"/avatars/%d.png\"}"
                    .formatted(i, i)));
  }

  /** All close their connections at once; one more of each team stays and is told. */
  private void offline(int nodes) throws Exception {
    CountDownLatch left = new CountDownLatch(many);
    CountDownLatch offline = new CountDownLatch(many);
    AtomicLong first = new AtomicLong();
    Consumer<String> watcher =
        frame -> {
          if (frame.contains("member_removed")) {
            left.countDown();
          } else if (frame.contains("\\\"status\\\":\\\"offline\\\"")) {
            first.compareAndSet(0, System.nanoTime());
            offline.countDown();
          }
        };
    String settings = "status: {offline_after: %d}\n".formatted(grace);
    try (Cluster cluster = Cluster.withStatuses(nodes, nodes > 1, settings);
        Members members = new Members()) {
      Pace.atOnce(AT_ONCE, many, i -> members.join(cluster.node(i % nodes), team(i), "" + i, null));
      for (int i = 0; i < many; i += TEAM) {
        members.join(cluster.node(i / TEAM % nodes), team(i), "watcher-" + i, watcher).join();
      }
      // A user who has gone is in no channel: the team is told as the audience that the app named.
      Pace.atOnce(AT_ONCE, many, i -> name(cluster.node(i % nodes), i));
      TimeUnit.SECONDS.sleep(3); // that they came is told
      leave(cluster, members, left, offline, first);
    }
  }

  private static CompletableFuture<Void> name(Node node, int user) {
    return node.post(
        "/apps/1/users/" + user + "/status",
        "{\"status\":\"auto\",\"channels\":[\"%s\"]}".formatted(team(user)));
  }

  private void leave(
      Cluster cluster,
      Members members,
      CountDownLatch left,
      CountDownLatch offline,
      AtomicLong first)
      throws InterruptedException {
    Duration[] cpu = {cluster.cpu(), Duration.ZERO, Duration.ZERO};
    Duration[] redis = {cluster.redisCpu(), Duration.ZERO, Duration.ZERO};
    long begun = System.nanoTime();
    members.leave();
    await(left);
    double leftSeconds = secondsSince(begun);
    cpu[1] = cluster.cpu();
    redis[1] = cluster.redisCpu();
    await(offline);
    double offlineSeconds = secondsSince(begun);
    cpu[2] = cluster.cpu();
    redis[2] = cluster.redisCpu();
    out.printf(
        "offline, %d nodes, %d users, one connection each, offline_after %d s:%n",
        cluster.nodes().size(), many, grace);
    out.printf(
        "  all have left after %.2f s; CPU of the nodes %d ms, of Redis %d ms%n",
        leftSeconds, cpu[1].minus(cpu[0]).toMillis(), redis[1].minus(redis[0]).toMillis());
    out.printf(
        "  told offline after %.2f to %.2f s; CPU of the nodes %d ms, of Redis %d ms%n",
        (first.get() - begun) / 1e9,
        offlineSeconds,
        cpu[2].minus(cpu[1]).toMillis(),
        redis[2].minus(redis[1]).toMillis());
  }

  private void await(CountDownLatch all) throws InterruptedException {
    if (!all.await(grace + LATE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(all.getCount() + " of " + many + " were not told");
    }
  }

  private static double secondsSince(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }
}
