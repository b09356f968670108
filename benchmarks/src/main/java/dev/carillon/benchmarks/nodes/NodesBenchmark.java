package dev.carillon.benchmarks.nodes;

import java.io.PrintStream;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Measures what several nodes cost: {@code latency}, {@code commands}, {@code personal}, {@code
 * connect} and {@code memory}, or all of them.
 */
public final class NodesBenchmark {
  private static final int EVENTS_PER_SECOND = 1000;
  private static final int EVENTS_PER_REQUEST = 10;
  private static final int PERSONAL_CHANNELS_PER_NODE = 200;
  private static final int PERSONAL_EVENTS_PER_SECOND_AND_NODE = 200;
  private static final int CONNECTING_AT_ONCE = 8;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final int seconds = Integer.getInteger("seconds", 20);

  private NodesBenchmark() {}

  /** Runs what is named. */
  public static void main(String[] names) throws Exception {
    List<String> wanted =
        names.length == 0
            ? List.of("latency", "commands", "personal", "connect", "memory")
            : List.of(names);
    NodesBenchmark benchmark = new NodesBenchmark();
    for (String name : wanted) {
      switch (name) {
        case "latency" -> benchmark.latency();
        case "commands" -> benchmark.commands();
        case "personal" -> benchmark.personal();
        case "connect" -> benchmark.connect();
        case "memory" -> benchmark.memory();
        default ->
            throw new IllegalArgumentException(
                name + ", expected latency, commands, personal, connect or memory");
      }
    }
    System.exit(0); // the HTTP client's threads would go on
  }

  /** From before the request to the subscriber, of events that are triggered at the first node. */
  private void latency() throws Exception {
    out.println("latency, ms, " + EVENTS_PER_SECOND + " events/s: at p50 p99");
    try (Cluster alone = new Cluster(1, false)) {
      latency("one node without scaling", alone);
    }
    try (Cluster one = new Cluster(1, true)) {
      latency("one node with scaling", one);
    }
    try (Cluster two = new Cluster(2, true)) {
      latency("two nodes", two);
    }
  }

  private void latency(String name, Cluster cluster) throws Exception {
    List<Latencies> taken = new ArrayList<>();
    for (Node node : cluster.nodes()) {
      Latencies nanos = new Latencies();
      taken.add(nanos);
      node.subscribe(
          List.of("news"),
          frame -> {
            long sent = Long.parseLong(frame.replaceAll(".*\"data\":\"(\\d+)\".*", "$1"));
            nanos.since(sent);
          });
    }
    publish(cluster, seconds / 2); // until the JVMs are warm
    taken.forEach(Latencies::clear);
    publish(cluster, seconds);
    for (int i = 0; i < taken.size(); i++) {
      Latencies nanos = taken.get(i);
      out.printf(
          "  %-26s node %d  %7.2f %7.2f   (%d events)%n",
          name, i + 1, nanos.millis(0.5), nanos.millis(0.99), nanos.size());
    }
  }

  private static void publish(Cluster cluster, int seconds) throws InterruptedException {
    List<String> channels = Collections.nCopies(EVENTS_PER_REQUEST, "news");
    Pace.everyTick(
        EVENTS_PER_SECOND / EVENTS_PER_REQUEST,
        seconds,
        tick -> cluster.node(0).trigger(channels, Long.toString(System.nanoTime())));
  }

  /** How often Redis is asked to publish an event, and how many nodes get it. */
  private void commands() throws Exception {
    out.println("commands and deliveries of Redis for each event: n nodes, s with subscribers");
    for (int n : new int[] {1, 2, 4}) {
      try (Cluster cluster = new Cluster(n, true)) {
        for (int s = 0; s <= n; s++) {
          if (s > 0) {
            cluster.node(s - 1).subscribe(List.of("news"), frame -> {});
          }
          commands(cluster, n, s);
        }
      }
    }
  }

  private void commands(Cluster cluster, int n, int s) throws Exception {
    Map<String, Long> before = cluster.redis().calls();
    double received = received(cluster);
    int events = 2000;
    for (int i = 0; i < events / EVENTS_PER_REQUEST; i++) {
      cluster.node(i % n).trigger(Collections.nCopies(EVENTS_PER_REQUEST, "news"), "x").join();
    }
    double deliveries = 0;
    for (int i = 0; i < 20 && deliveries < (double) s * events; i++) {
      TimeUnit.MILLISECONDS.sleep(100); // what is published is under way
      deliveries = received(cluster) - received;
    }
    Map<String, Long> after = cluster.redis().calls();
    StringBuilder others = new StringBuilder();
    after.forEach(
        (command, calls) -> {
          long more = calls - before.getOrDefault(command, 0L);
          if (more > 0 && !command.equals("publish") && !command.equals("info")) {
            others.append(' ').append(command).append('=').append(more);
          }
        });
    out.printf(
        "  n=%d s=%d  publish %.2f  deliveries %.2f   in all besides, for %d events:%s%n",
        n,
        s,
        (after.getOrDefault("publish", 0L) - before.getOrDefault("publish", 0L)) / (double) events,
        deliveries / events,
        events,
        others);
  }

  private static double received(Cluster cluster) throws Exception {
    double sum = 0;
    for (Node node : cluster.nodes()) {
      sum += node.metric("carillon_redis_messages_total");
    }
    return sum;
  }

  /** The load of a node stays the same while nodes are added: so should its cost. */
  private void personal() throws Exception {
    out.printf(
        "personal channels, %d on each node, %d events/s for each node, by any node:%n",
        PERSONAL_CHANNELS_PER_NODE, PERSONAL_EVENTS_PER_SECOND_AND_NODE);
    for (int n : new int[] {1, 2, 4}) {
      try (Cluster cluster = new Cluster(n, true)) {
        personal(cluster, n);
      }
    }
  }

  private void personal(Cluster cluster, int n) throws Exception {
    AtomicLong delivered = new AtomicLong();
    for (int i = 0; i < n * PERSONAL_CHANNELS_PER_NODE; i++) {
      cluster.node(i % n).subscribe(List.of("user-" + i), frame -> delivered.incrementAndGet());
    }
    Random random = new Random(1);
    personalEvents(cluster, n, seconds / 2, random);
    Duration before = cluster.cpu();
    Duration redisBefore = cluster.redisCpu();
    delivered.set(0);
    personalEvents(cluster, n, seconds, random);
    double cpu = cluster.cpu().minus(before).toMillis();
    out.printf(
        "  n=%d  CPU of a node %.1f ms/s, %.0f µs/event   CPU of Redis %.1f ms/s   (%d delivered)%n",
        n,
        cpu / n / seconds,
        cpu * 1000 / delivered.get(),
        cluster.redisCpu().minus(redisBefore).toMillis() / (double) seconds,
        delivered.get());
  }

  private static void personalEvents(Cluster cluster, int n, int seconds, Random random)
      throws InterruptedException {
    Pace.everyTick(
        n * PERSONAL_EVENTS_PER_SECOND_AND_NODE,
        seconds,
        tick ->
            cluster
                .node(tick % n)
                .trigger(List.of("user-" + random.nextInt(n * PERSONAL_CHANNELS_PER_NODE)), "x"));
  }

  /** Connecting, subscribing to a channel of one's own, and leaving. */
  private void connect() throws Exception {
    int cycles = Integer.getInteger("cycles", 2000);
    out.println("connect + subscribe + leave, " + cycles + " times:");
    for (boolean scaling : new boolean[] {false, true}) {
      try (Cluster cluster = new Cluster(1, scaling)) {
        cycles(cluster, cycles); // until the JVM is warm
        Duration before = cluster.cpu();
        Duration redisBefore = cluster.redisCpu();
        cycles(cluster, cycles);
        out.printf(
            "  scaling %-3s  CPU of the node %.0f µs each   CPU of Redis %.0f µs each%n",
            scaling ? "on" : "off",
            cluster.cpu().minus(before).toNanos() / 1e3 / cycles,
            cluster.redisCpu().minus(redisBefore).toNanos() / 1e3 / cycles);
      }
    }
  }

  private static void cycles(Cluster cluster, int cycles) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTING_AT_ONCE);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < cycles; i++) {
      String channel = "own-" + i;
      all.add(
          threads.submit(
              () -> {
                WebSocket socket = cluster.node(0).subscribe(List.of(channel), frame -> {});
                return socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
    threads.shutdown();
  }

  /** What Redis keeps for each connection. */
  private void memory() throws Exception {
    int clients = Integer.getInteger("clients", 2000);
    out.println("memory of Redis, bytes for each of " + clients + " connections of one node:");
    IntFunction<String> shared = i -> "presence-room";
    try (Cluster cluster = new Cluster(1, true)) {
      memory("member of a presence channel", cluster, shared, clients);
    }
    try (Cluster cluster = Cluster.withStatuses(1, true, "")) {
      memory("the same, with a status", cluster, shared, clients);
    }
    try (Cluster cluster = new Cluster(1, true)) {
      memory("the one subscriber of a channel", cluster, i -> "own-" + i, clients);
    }
  }

  private void memory(String name, Cluster cluster, IntFunction<String> channel, int clients)
      throws Exception {
    try (Members members = new Members()) {
      members.join(cluster.node(0), channel.apply(clients), "first", null).join(); // all is loaded
      long before = cluster.redis().usedBytes();
      Pace.atOnce(
          CONNECTING_AT_ONCE,
          clients,
          i -> members.join(cluster.node(0), channel.apply(i), "user-" + i, null));
      TimeUnit.SECONDS.sleep(2); // what is told of them is out of Redis' buffers
      out.printf("  %-34s %d%n", name, (cluster.redis().usedBytes() - before) / clients);
    }
  }
}
