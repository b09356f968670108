package dev.carillon.server.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.cluster.ModelStatuses.Look;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps its member lists as official clients do, and notes what they would not
 * forgive: a member added who is in, one removed who is not, an event that comes twice, a status
 * that is older than the one before.
 *
 * <p>Thread-safe.
 */
final class ModelClient implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** A channel that was subscribed to. */
  private static final class Room {
    private @Nullable Set<String> members;
    private final Set<String> events = new HashSet<>();
    private final Set<String> sinceTold = new HashSet<>();
    private final Map<String, Look> looks = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
  }

  private final Map<String, Room> rooms = new HashMap<>();
  private final Queue<String> violations;
  private final CompletableFuture<SocketId> id = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;
  private final String name;
  private boolean closed;

  ModelClient(String name, int port, Queue<String> violations) {
    this.name = name;
    this.violations = violations;
    String url = "ws://127.0.0.1:" + port + "/app/" + TestServer.KEY + "?protocol=7";
    this.socket = HTTP.newWebSocketBuilder().buildAsync(URI.create(url), this).join();
  }

  private SocketId id() {
    try {
      return id.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new CompletionException(name + " was not established", e);
    }
  }

  /** Sends a subscription, and does not wait. */
  void subscribe(String room, String user) {
    String data = "{\"user_id\":\"" + user + "\"}";
    String auth = ChannelAuth.sign(TestServer.CREDENTIALS, id(), ChannelName.of(room), data);
    synchronized (this) {
      rooms.put(room, new Room());
    }
    send(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\",\"auth\":\"%s\",\"channel_data\":%s}}"
            .formatted(room, auth, TestClient.quoted(data)));
  }

  /** Sends the end of a subscription; what still comes is not looked at. */
  void unsubscribe(String room) {
    synchronized (this) {
      rooms.remove(room);
    }
    send("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"%s\"}}".formatted(room));
  }

  private void send(String frame) {
    if (!closed()) {
      socket.sendText(frame, true).join();
    }
  }

  /** Who is in, as far as this client was told; {@code null} before it was. */
  synchronized @Nullable Set<String> members(String room) {
    Room known = rooms.get(room);
    return known == null || known.members == null ? null : new TreeSet<>(known.members);
  }

  /** Whether an event came. */
  synchronized boolean has(String room, String event) {
    Room known = rooms.get(room);
    return known != null && known.events.contains(event);
  }

  /** How users are, as far as this client was told there, or knows from elsewhere. */
  synchronized Map<String, Look> looks(String room) {
    Room known = rooms.get(room);
    return known == null ? Map.of() : new TreeMap<>(known.looks);
  }

  /** Lets it know how users are of whom it was not told there: by that it is to notice changes. */
  synchronized void know(String room, Map<String, Look> looks) {
    Room known = rooms.get(room);
    if (known != null && known.members != null) {
      looks.forEach(known.looks::putIfAbsent);
    }
  }

  /** Whether the subscription was acknowledged. */
  synchronized boolean in(String room) {
    return members(room) != null;
  }

  synchronized boolean closed() {
    return closed;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      handle(TestClient.json(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  private synchronized void handle(JsonNode frame) {
    String event = frame.path("event").asText();
    if (event.equals("pusher:connection_established")) {
      id.complete(
          new SocketId(TestClient.json(frame.path("data").asText()).path("socket_id").asText()));
      return;
    }
    String room = frame.path("channel").asText();
    Room known = rooms.get(room);
    if (event.equals("pusher:error") || event.equals("pusher:subscription_error")) {
      violations.add(name + " got " + frame);
    } else if (known != null) {
      handle(room, known, event, frame.path("data").asText());
    }
  }

  private void handle(String name, Room room, String event, String text) {
    Set<String> members = room.members;
    boolean internal = event.startsWith("pusher_internal:");
    JsonNode data = TestClient.json(internal ? text : "{}");
    if (event.equals("pusher_internal:subscription_succeeded")) {
      Set<String> told = new TreeSet<>();
      data.path("presence").path("ids").forEach(id -> told.add(id.asText()));
      room.members = told;
      // What came before may have been of a subscription before this one, and is kept for this.
      room.sinceTold.clear();
      room.looks.clear(); // a page asks anew, since it may have missed something
    } else if (members == null) {
      // Of a subscription before this one.
    } else if (event.equals("pusher_internal:member_added")) {
      if (!members.add(data.path("user_id").asText())) {
        violations.add(this.name + ": added but in: " + data + " in " + name);
      }
    } else if (event.equals("pusher_internal:member_removed")) {
      if (!members.remove(data.path("user_id").asText())) {
        violations.add(this.name + ": removed but not in: " + data + " in " + name);
      }
    } else if (event.equals("user.status.updated")) {
      handleStatus(name, room, TestClient.json(text));
    } else {
      room.events.add(event);
      if (!room.sinceTold.add(event)) {
        violations.add(this.name + ": twice: " + event + " in " + name);
      }
    }
  }

  private void handleStatus(String name, Room room, JsonNode told) {
    String user = told.path("user_id").asText();
    long version = told.path("version").asLong();
    long before = room.versions.getOrDefault(user, version - 1);
    if (version <= before) {
      String what = version == before ? ": twice: " : ": older than " + before + ": ";
      violations.add(this.name + what + told + " in " + name);
    }
    room.versions.put(user, version);
    room.looks.put(user, Look.of(told));
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onClose(WebSocket from, int code, String why) {
    closed = true;
    violations.add(name + " was closed with " + code + " " + why);
    return null;
  }

  @Override
  public synchronized void onError(WebSocket from, Throwable error) {
    closed = true;
    violations.add(name + " has ended: " + error);
  }

  @Override
  public void close() {
    socket.abort();
  }

  static Queue<String> violations() {
    return new ConcurrentLinkedQueue<>();
  }

  @Override
  public String toString() {
    return name;
  }
}
