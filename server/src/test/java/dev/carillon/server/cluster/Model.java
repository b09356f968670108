package dev.carillon.server.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.cluster.Visitor.Stay;
import dev.carillon.server.support.TestClient;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster has been told to do, beside what it does. A step is sent and not waited for; when
 * it is quiet, what each client has of members and statuses and each node's HTTP API are compared
 * with what was sent.
 */
final class Model {
  private static final List<String> ROOMS = List.of("presence-a", "presence-b", "presence-cache-c");
  private static final List<String> USERS = List.of("u0", "u1", "u2", "u3", "u4", "u5");
  private static final int CLIENTS_PER_NODE = 8;
  private static final long SETTLED_AFTER = TimeUnit.SECONDS.toNanos(20);

  /** An event, and who must get it as long as they stay. */
  private record Published(String room, String event, Map<Visitor, Stay> to) {}

  private final Random random;
  private final List<NodeProcess> nodes;
  private final List<Visitor> visitors = new ArrayList<>();
  private final List<Published> published = new ArrayList<>();
  private final Queue<String> violations = ModelClient.violations();
  private final ModelStatuses statuses;

  /** Nodes that are not to be talked to now. */
  private final Set<Integer> silent = new TreeSet<>();

  /** Nodes that may refuse what they are asked for now. */
  private final Set<Integer> refusing = new TreeSet<>();

  private int names;
  private int events;

  Model(Random random, List<NodeProcess> nodes) {
    this.random = random;
    this.nodes = nodes;
    this.statuses = new ModelStatuses(random, USERS, ROOMS, nodes.get(0));
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

  void doNotAsk(int node) {
    refusing.add(node);
  }

  void askAll() {
    refusing.clear();
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
    } else if (dice < 26 && !refusing.contains(visitor.node)) {
      statuses.choose(nodes.get(visitor.node));
    } else if (visitor.rooms.remove(room) != null) {
      visitor.client.unsubscribe(room);
    } else {
      String user = USERS.get(random.nextInt(USERS.size()));
      visitor.rooms.put(room, new Stay(user));
      visitor.client.subscribe(room, user);
    }
  }

  private void replace(Visitor visitor) {
    visitor.client.close();
    visitor.rooms.clear();
    visitors.remove(visitor);
    String name = "client " + (++names) + " at " + nodes.get(visitor.node);
    visitors.add(
        new Visitor(
            visitor.node, new ModelClient(name, nodes.get(visitor.node).port(), violations)));
  }

  /** To all who are in for sure: those who were when it was quiet last, and have not left since. */
  private void publish(String room) {
    int node = random.nextInt(nodes.size());
    if (silent.contains(node)) {
      return;
    }
    String event = "e" + (++events);
    Map<Visitor, Stay> in = new HashMap<>();
    visitors.forEach(
        visitor -> {
          Stay stay = visitor.rooms.get(room);
          if (stay != null && stay.settled) {
            in.put(visitor, stay);
          }
        });
    nodes.get(node).api().trigger(room, event, "x");
    published.add(new Published(room, event, in));
  }

  /** Waits until all agree; fails if they do not, or if a client was told what it cannot be. */
  void settle(String when) {
    agree(when);
    fail(when, violations);
  }

  /**
   * As {@link #settle}, after a fault: what came meanwhile may have been too little, then clients
   * were told all again; but nothing came twice.
   */
  void settleAfterFault(String when) {
    agree(when);
    fail(when, violations.stream().filter(Model::isNeverForgiven).toList());
    violations.clear();
  }

  private static boolean isNeverForgiven(String violation) {
    return violation.contains("twice") || violation.contains("older");
  }

  private static void fail(String when, Collection<String> violations) {
    if (!violations.isEmpty()) {
      throw new AssertionError(when + ": " + violations);
    }
  }

  private void agree(String when) {
    long until = System.nanoTime() + SETTLED_AFTER;
    String difference = difference();
    while (difference != null) {
      if (System.nanoTime() > until) {
        throw new AssertionError(when + ": " + difference + "; " + violations + state());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      difference = difference();
    }
    published.clear();
    visitors.forEach(visitor -> visitor.rooms.values().forEach(stay -> stay.settled = true));
    statuses.settled(clients(), present());
  }

  private String state() {
    StringBuilder state = new StringBuilder();
    for (String room : ROOMS) {
      nodes.forEach(
          node ->
              state
                  .append("\n")
                  .append(node)
                  .append(" says ")
                  .append(users(node, room))
                  .append(" of ")
                  .append(room));
      visitors.forEach(
          visitor -> {
            Stay stay = visitor.rooms.get(room);
            if (stay != null) {
              state
                  .append("\n")
                  .append(visitor.client)
                  .append(" as ")
                  .append(stay.user)
                  .append(" has ")
                  .append(visitor.client.members(room));
            }
          });
    }
    return state.toString();
  }

  private @Nullable String difference() {
    for (String room : ROOMS) {
      Set<String> expected = new TreeSet<>();
      visitors.forEach(
          visitor -> {
            Stay stay = visitor.rooms.get(room);
            if (stay != null) {
              expected.add(stay.user);
            }
          });
      for (Visitor visitor : visitors) {
        if (visitor.rooms.containsKey(room) && !expected.equals(visitor.client.members(room))) {
          return visitor.client
              + " has "
              + visitor.client.members(room)
              + " in "
              + room
              + ", expected "
              + expected;
        }
      }
      for (NodeProcess node : nodes) {
        Set<String> told = users(node, room);
        if (!expected.equals(told)) {
          return node + " says " + told + " of " + room + ", expected " + expected;
        }
      }
    }
    String status = statuses.difference(nodes, clients(), present());
    return status == null ? undelivered() : status;
  }

  private List<ModelClient> clients() {
    return visitors.stream().map(visitor -> visitor.client).toList();
  }

  private Set<String> present() {
    return visitors.stream()
        .flatMap(visitor -> visitor.rooms.values().stream())
        .map(stay -> stay.user)
        .collect(Collectors.toSet());
  }

  private @Nullable String undelivered() {
    for (Published event : published) {
      List<ModelClient> without =
          event.to.entrySet().stream()
              .filter(to -> to.getKey().rooms.get(event.room) == to.getValue())
              .map(to -> to.getKey().client)
              .filter(client -> !client.has(event.room, event.event))
              .toList();
      if (!without.isEmpty()) {
        return event.event + " in " + event.room + " was not got by " + without;
      }
    }
    return null;
  }

  private static @Nullable Set<String> users(NodeProcess node, String room) {
    try {
      JsonNode answer = TestClient.json(node.api().get("/channels/" + room + "/users").body());
      Set<String> users = new TreeSet<>();
      answer.path("users").forEach(user -> users.add(user.path("id").asText()));
      return users;
    } catch (RuntimeException away) {
      return null;
    }
  }

  /** What was done, for the one who reads the log. */
  Map<String, Integer> done() {
    Map<String, Integer> done = new LinkedHashMap<>();
    done.put("clients", names);
    done.put("events", events);
    done.put("choices", statuses.choices());
    return done;
  }

  void close() {
    visitors.forEach(visitor -> visitor.client.close());
  }
}
