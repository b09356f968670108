package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.Status;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.status.StatusNode.Told;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.support.redis.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three nodes, few users, and chance: devices come and go, choices are made and end, nodes are
 * stopped and started, networks are cut and Redis comes back empty. Whenever it is quiet, what is
 * kept is what the model says, and each version was told once, in order, by one node; after a
 * failure some may have been missed.
 *
 * <p>{@code -Dcarillon.model.seed=N} replays a run, {@code -Dcarillon.model.steps=N} makes it
 * longer.
 */
@Timeout(300)
class RedisStatusModelTest {
  private static final int STEPS = Integer.getInteger("carillon.model.steps", 3000);
  private static final int STEPS_PER_QUIET = 100;
  private static final int STEPS_PER_RESTART = 500;
  private static final List<String> USERS = List.of("ann", "ben", "cat", "dan");
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final StatusTimes TIMES =
      new StatusTimes(
          Duration.ofMillis(150),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofMillis(10),
          Duration.ofDays(1));

  /** What a user should be: devices by node, and a choice that has no end. */
  private static final class User {
    final List<Set<String>> devices = List.of(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    @Nullable Status choice;
    boolean seen;

    boolean present() {
      return devices.stream().anyMatch(here -> !here.isEmpty());
    }

    String status() {
      if (!seen) {
        return "none";
      }
      if (!present() || (choice != null && choice.hidden())) {
        return "offline";
      }
      return choice == null ? "online" : choice.text();
    }
  }

  private final List<TcpProxy> networks = new ArrayList<>();
  private final List<StatusNode> nodes = new ArrayList<>();
  private final Map<String, User> users = new HashMap<>();
  private final List<String> updates = new ArrayList<>();
  private final Random random = new Random();
  private StatusNode watcher;
  private int sockets;
  private RedisServer redis;
  private String prefix;

  @Test
  void nodesAndModelAgreeWheneverItIsQuiet() {
    run(STEPS, false);
  }

  @Test
  void nodesAndModelAgreeAgainAfterFailures() {
    run(STEPS / 5, true);
  }

  private void run(int steps, boolean failures) {
    long seed = Long.getLong("carillon.model.seed", System.nanoTime());
    String replay = "replay by -Dcarillon.model.seed=" + seed;
    random.setSeed(seed);
    USERS.forEach(user -> users.put(user, new User()));
    try (RedisServer server = RedisServer.start()) {
      redis = server;
      start();
      for (int step = 1; step <= steps; step++) {
        step(false);
        if (step % STEPS_PER_RESTART == 0) {
          restart(random.nextInt(nodes.size()));
        }
        if (step % STEPS_PER_QUIET == 0) {
          settle("step " + step + ", " + replay, failures);
          if (failures) {
            fail(step / STEPS_PER_QUIET);
            settle("failure " + step / STEPS_PER_QUIET + ", " + replay, true);
          }
        }
      }
    } finally {
      nodes.forEach(StatusNode::close);
      watcher.close();
      networks.forEach(TcpProxy::close);
    }
  }

  private void start() {
    ScalingConfig direct = at(redis.port());
    prefix = direct.redis().prefix();
    watcher = new StatusNode(direct, TIMES);
    Await.until("it is connected", watcher.node::available);
    watcher.watch(USERS.toArray(String[]::new));
    for (int i = 0; i < 3; i++) {
      networks.add(TcpProxy.to(redis));
      nodes.add(node(i));
    }
  }

  /** What is asked for waits as long as statuses are put back. */
  private static ScalingConfig at(int port) {
    return OnRedis.at(port, LEASE).toBuilder().publishTimeout(Duration.ofSeconds(5)).build();
  }

  private StatusNode node(int at) {
    ScalingConfig through = at(networks.get(at).port());
    return new StatusNode(
        through.toBuilder().redis(through.redis().toBuilder().prefix(prefix).build()).build(),
        TIMES);
  }

  private void fail(int number) {
    TcpProxy network = networks.get(random.nextInt(networks.size()));
    switch (number % 3) {
      case 0 -> {
        redis.restart();
        goOn(Duration.ZERO);
      }
      case 1 -> {
        network.cut();
        goOn(LEASE.plusMillis(1500));
        network.heal();
      }
      default -> {
        network.cut();
        goOn(Duration.ofMillis(200));
        network.heal();
      }
    }
  }

  private void goOn(Duration then) {
    for (int i = 0; i < 20; i++) {
      step(true);
    }
    LockSupport.parkNanos(then.toNanos());
  }

  /** What is asked for while Redis is away may be refused, and be done nevertheless. */
  private void step(boolean lastingOnly) {
    String id = USERS.get(random.nextInt(USERS.size()));
    User user = users.get(id);
    int at = random.nextInt(nodes.size());
    StatusNode node = nodes.get(at);
    Set<String> here = user.devices.get(at);
    switch (random.nextInt(lastingOnly ? 6 : 8)) {
      case 0, 1, 2 -> {
        sockets++;
        String socket = at + "." + sockets;
        here.add(socket);
        node.connect(id, socket, "d" + sockets);
        user.seen = true;
      }
      case 3, 4, 5 -> {
        if (!here.isEmpty()) {
          String socket = here.iterator().next();
          here.remove(socket);
          node.disconnect(id, socket);
        }
      }
      case 6 -> {
        Status[] all = {null, Status.BUSY, Status.DND, Status.INVISIBLE, Status.ONLINE};
        user.choice = all[random.nextInt(all.length)];
        user.seen = true;
        StatusNode.get(node.choose(id, user.choice, null));
      }
      default -> {
        user.choice = null;
        user.seen = true;
        StatusNode.get(node.choose(id, Status.AWAY, Duration.ofMillis(1 + random.nextInt(40))));
      }
    }
  }

  /** Its devices go with it. */
  private void restart(int at) {
    StatusNode old = nodes.get(at);
    old.close();
    updates.addAll(old.updates);
    users.values().forEach(user -> user.devices.get(at).clear());
    nodes.set(at, node(at));
  }

  private void settle(String when, boolean failures) {
    for (String id : USERS) {
      User user = users.get(id);
      try {
        Await.until(
            "it is settled",
            Duration.ofSeconds(20),
            Duration.ofMillis(5),
            () -> settled(id, user) && (failures || last(id).equals(watcher.seen(id))));
      } catch (AssertionError never) {
        throw new AssertionError(
            id
                + " "
                + user.status()
                + " "
                + user.devices
                + " "
                + when
                + " "
                + watcher.record(id)
                + " "
                + watcher.heard,
            never);
      }
      assertThat(versions(id)).as(id + " at " + when).isSorted();
      if (!failures) {
        assertThat(versions(id)).as(id + " at " + when).doesNotHaveDuplicates();
        Await.until("all is told of " + id + ", " + when, () -> told(id).equals(versions(id)));
      }
    }
  }

  private boolean settled(String id, User user) {
    UserRecord record = watcher.record(id);
    if (record == null) {
      return !user.seen;
    }
    boolean quiet =
        record.pending() == null
            && (record.choice() == null || record.choice().expiresAt() == null)
            && record.devices().stream().allMatch(device -> device.goneAt() == null)
            && record.devices().size() == user.devices.stream().mapToInt(Set::size).sum();
    return quiet && watcher.status(id).equals(user.status());
  }

  private List<Long> versions(String id) {
    return watcher.heard.stream()
        .filter(told -> told.user().equals(id))
        .map(Told::version)
        .toList();
  }

  private List<Long> told(String id) {
    return Stream.concat(
            updates.stream(),
            Stream.concat(nodes.stream(), Stream.of(watcher))
                .flatMap(node -> node.updates.stream()))
        .filter(update -> update.startsWith(id + " "))
        .map(update -> Long.valueOf(update.substring(id.length() + 1)))
        .sorted()
        .toList();
  }

  private String last(String id) {
    return watcher.heard.stream()
        .filter(told -> told.user().equals(id))
        .reduce((one, next) -> next)
        .map(told -> told.status() + " " + told.version())
        .orElse(watcher.seen(id));
  }
}
