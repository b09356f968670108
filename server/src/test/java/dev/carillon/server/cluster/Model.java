package dev.carillon.server.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster has been told to do, beside what it does. A step is sent and not waited for; when
 * it is quiet, each client's member lists and each node's HTTP API are compared with what was sent.
 */
final class Model {
  private static final List<String> ROOMS =
      List.of("presence-a", "presence-b", "presence-cache-c");
  private static final int USERS = 6;
  private static final int CLIENTS_PER_NODE = 8;
  private static final long SETTLED_AFTER = TimeUnit.SECONDS.toNanos(20);

  /** A client, and as whom it is in which rooms. */
  private static final class Visitor {
    private final int node;
    private final ModelClient client;
    private final Map<String, String> rooms = new HashMap<>();

    Visitor(int node, ModelClient client) {
      this.node = node;
      this.client = client;
    }
  }

  /** An event, and who must get it. */
  private record Published(String room, String event, List<Visitor> to) {}

  private final Random random;
  private final List<NodeProcess> nodes;
  private final List<Visitor> visitors = new ArrayList<>();
  private final List<Published> published = new ArrayList<>();
  private final Queue<String> violations = ModelClient.violations();

  /** Nodes that are not to be talked to now. */
  private final Set<Integer> silent = new TreeSet<>();

  private int names;
  private int events;

  Model(Random random, List<NodeProcess> nodes) {
    this.random = random;
    this.nodes = nodes;
    for (int node = 0; node < nodes.size(); node++) {
      connect(node);
    }
  }

  /** As many new clients as a node has. */
  void connect(int node) {
    for (int i = 0; i < CLIENTS_PER_NODE; i++) {
      String name = "client " + (++names) + " at " + nodes.get(node);
      visitors.add(new Visitor(node, new ModelClient(name, nodes.get(node).port(), violations)));
    }
  }

  /** All clients of a node that is dead. */
  void lose(int node) {
    visitors.stream().filter(visitor -> visitor.node == node).forEach(gone -> gone.client.close());
    visitors.removeIf(visitor -> visitor.node == node);
  }

  void silence(int node) {
    silent.add(node);
  }

  void listenTo(int node) {
    silent.remove(node);
  }

  /** One step. */
  void step(boolean calm) {
    List<Visitor> able =
        visitors.stream().filter(visitor -> !silent.contains(visitor.node)).toList();
    Visitor visitor = able.get(random.nextInt(able.size()));
    String room = ROOMS.get(random.nextInt(ROOMS.size()));
    int dice = random.nextInt(100);
    if (dice < 3) {
      replace(visitor);
    } else if (dice < 20 && calm) {
      publish(room);
    } else if (visitor.rooms.remove(room) != null) {
      visitor.client.unsubscribe(room);
    } else {
      String user = "u" + random.nextInt(USERS);
      visitor.rooms.put(room, user);
      visitor.client.subscribe(room, user);
    }
  }

  private void replace(Visitor visitor) {
    visitor.client.close();
    visitors.remove(visitor);
    String name = "client " + (++names) + " at " + nodes.get(visitor.node);
    visitors.add(
        new Visitor(
            visitor.node,
            new ModelClient(name, nodes.get(visitor.node).port(), violations)));
  }

  /** To all who are in for sure: those who were when it was quiet last, and have not left since. */
  private void publish(String room) {
    int node = random.nextInt(nodes.size());
    if (silent.contains(node)) {
      return;
    }
    String event = "e" + (++events);
    List<Visitor> in =
        visitors.stream()
            .filter(visitor -> visitor.rooms.containsKey(room) && visitor.client.in(room))
            .toList();
    nodes.get(node).api().trigger(room, event, "x");
    published.add(new Published(room, event, in));
  }

  /** Waits until all agree; fails if they do not, or if a client was told what it cannot be. */
  void settle(String when) {
    long until = System.nanoTime() + SETTLED_AFTER;
    String difference = difference();
    while (difference != null && System.nanoTime() < until) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      difference = difference();
    }
    if (difference != null) {
      throw new AssertionError(when + ": " + difference);
    }
    published.clear();
    if (!violations.isEmpty()) {
      throw new AssertionError(when + ": " + violations);
    }
  }

  /** What clients are told in a fault may be too little: then they are told all again. */
  void settleAfterFault(String when) {
    published.clear();
    violations.removeIf(violation -> !violation.contains("twice"));
    settleQuietly(when);
  }

  private void settleQuietly(String when) {
    long until = System.nanoTime() + SETTLED_AFTER;
    String difference = difference();
    while (difference != null && System.nanoTime() < until) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      difference = difference();
    }
    if (difference != null) {
      throw new AssertionError(when + ": " + difference);
    }
    List<String> unforgivable =
        violations.stream().filter(violation -> violation.contains("twice")).toList();
    violations.clear();
    if (!unforgivable.isEmpty()) {
      throw new AssertionError(when + ": " + unforgivable);
    }
  }

  private @Nullable String difference() {
    for (String room : ROOMS) {
      Set<String> expected = new TreeSet<>();
      visitors.forEach(
          visitor -> {
            String user = visitor.rooms.get(room);
            if (user != null) {
              expected.add(user);
            }
          });
      for (Visitor visitor : visitors) {
        if (visitor.rooms.containsKey(room)
            && !expected.equals(visitor.client.members(room))) {
          return visitor.client + " has " + visitor.client.members(room) + " in " + room
              + ", expected " + expected;
        }
      }
      for (NodeProcess node : nodes) {
        Set<String> told = users(node, room);
        if (!expected.equals(told)) {
          return node + " says " + told + " of " + room + ", expected " + expected;
        }
      }
    }
    return undelivered();
  }

  private @Nullable String undelivered() {
    for (Published event : published) {
      for (Visitor visitor : event.to) {
        if (visitor.rooms.containsKey(event.room)
            && visitors.contains(visitor)
            && visitor.client.in(event.room)
            && visitor.client.count(event.room, event.event) == 0
            && !resubscribed(visitor, event)) {
          return visitor.client + " did not get " + event.event + " in " + event.room;
        }
      }
    }
    return null;
  }

  private static boolean resubscribed(Visitor visitor, Published event) {
    return false;
  }

  private static @Nullable Set<String> users(NodeProcess node, String room) {
    try {
      JsonNode answer =
          TestClient.json(node.api().get("/channels/" + room + "/users").body());
      Set<String> users = new TreeSet<>();
      answer.path("users").forEach(user -> users.add(user.path("id").asText()));
      return users;
    } catch (RuntimeException away) {
      return null;
    }
  }

  /** How often each kind of thing was done, for the one who reads the log. */
  Map<String, Integer> done() {
    Map<String, Integer> done = new LinkedHashMap<>();
    done.put("clients", names);
    done.put("events", events);
    return done;
  }

  void close() {
    visitors.forEach(visitor -> visitor.client.close());
  }
}
