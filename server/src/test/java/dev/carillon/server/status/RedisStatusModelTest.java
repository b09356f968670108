package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.Status;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.status.StatusNode.Told;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.OnRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three nodes, few users, and chance: devices come and go, choices are made and end, nodes are
 * stopped and started. Whenever it is quiet, what is kept is what the model says, and each version
 * was told once, in order, by one node.
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

  private final ScalingConfig scaling = OnRedis.fresh();
  private final List<StatusNode> nodes = new ArrayList<>();
  private final Map<String, User> users = new HashMap<>();
  private final List<String> updates = new ArrayList<>();
  private final Random random = new Random(seed());
  private StatusNode watcher;
  private int sockets;

  private static long seed() {
    return Long.getLong("carillon.model.seed", System.nanoTime());
  }

  @Test
  void nodesAndModelAgreeWheneverItIsQuiet() {
    long seed = seed();
    random.setSeed(seed);
    String replay = "replay by -Dcarillon.model.seed=" + seed;
    USERS.forEach(user -> users.put(user, new User()));
    watcher = new StatusNode(scaling, TIMES);
    try {
      Await.until("it is connected", watcher.node::available);
      watcher.watch(USERS.toArray(String[]::new));
      for (int i = 0; i < 3; i++) {
        nodes.add(new StatusNode(scaling, TIMES));
      }
      for (int step = 1; step <= STEPS; step++) {
        step();
        if (step % STEPS_PER_RESTART == 0) {
          restart(random.nextInt(nodes.size()));
        }
        if (step % STEPS_PER_QUIET == 0) {
          settle("step " + step + ", " + replay);
        }
      }
    } finally {
      nodes.forEach(StatusNode::close);
      watcher.close();
    }
  }

  private void step() {
    String id = USERS.get(random.nextInt(USERS.size()));
    User user = users.get(id);
    int at = random.nextInt(nodes.size());
    StatusNode node = nodes.get(at);
    Set<String> here = user.devices.get(at);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        sockets++;
        String socket = at + "." + sockets;
        here.add(socket);
        // Who has said to be offline is not any more with a new device; that is not modelled.
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
    nodes.set(at, new StatusNode(scaling, TIMES));
  }

  private void settle(String when) {
    for (String id : USERS) {
      User user = users.get(id);
      Await.until(
          id + " is " + user.status() + ", " + when + ", is " + watcher.record(id),
          () -> settled(id, user));
      assertThat(versions(id)).as(id + " at " + when).isSorted().doesNotHaveDuplicates();
      assertThat(last(id)).as(when).isEqualTo(watcher.seen(id));
      Await.until("all is told of " + id + ", " + when, () -> told(id).equals(versions(id)));
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
    return quiet
        && watcher.status(id).equals(user.status())
        && (user.status().equals("offline") || last(id).equals(watcher.seen(id)));
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
