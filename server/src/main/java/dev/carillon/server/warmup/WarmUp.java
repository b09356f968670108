package dev.carillon.server.warmup;

import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JVM compile the paths that a reconnect storm takes, before one comes: a client on the
 * loopback address that connects, subscribes, sends, triggers and leaves, over and over. Why:
 * docs/adr/0009.
 *
 * <p>Confined to one thread, which it keeps busy.
 */
public final class WarmUp {
  private static final int LISTENERS = 8;

  /** So many at once: their turns are shared, as in a storm. */
  private static final int VISITORS = 16;

  /** Pipelined, as an application's server does. */
  private static final int TRIGGERS = 6;

  /** Who come again and again: of each the server keeps how they are. */
  private static final int USERS = 50;

  private static final int PAUSE_MILLIS = 100;

  private static final ChannelName FAN_OUT = ChannelName.of("warm-up");
  private static final ChannelName PRIVATE = ChannelName.of("private-warm-up");
  private static final ChannelName PRESENCE = ChannelName.of("presence-warm-up");

  private final int port;
  private final String appId;
  private final Credentials credentials;
  private final LongSupplier handshakes;
  private long handshakesSeen;

  /**
   * For a server that listens on that port of the loopback address, and has that app.
   *
   * @param handshakes how many clients have come to the real port
   */
  public WarmUp(int port, String appId, Credentials credentials, LongSupplier handshakes) {
    this.port = port;
    this.appId = appId;
    this.credentials = credentials;
    this.handshakes = handshakes;
    this.handshakesSeen = handshakes.getAsLong();
  }

  /**
   * Works until so many connections have come and gone.
   *
   * @param wanted whether to go on
   * @throws IOException if the server does not answer as it should
   */
  public void run(int connections, BooleanSupplier wanted)
      throws IOException, InterruptedException {
    List<LoopbackSocket> listeners = new ArrayList<>();
    LoopbackSocket http = new LoopbackSocket(port);
    try {
      for (int i = 0; i < LISTENERS; i++) {
        LoopbackSocket listener = connect();
        listeners.add(listener);
        listener.readHead();
        listener.readFrame();
        subscribe(listener, FAN_OUT, "", null);
        listener.readFrame();
      }
      for (int i = 0; i < connections && wanted.getAsBoolean(); i += VISITORS) {
        if (madeWay(wanted)) {
          http.close();
          http = new LoopbackSocket(port); // a server closes those that are idle
        }
        visit(i);
        for (int triggers = 0; triggers < TRIGGERS; triggers++) {
          trigger(http);
        }
        for (int answers = 0; answers < TRIGGERS; answers++) {
          http.readHead();
          http.skip(2); // {}
        }
        for (LoopbackSocket listener : listeners) {
          listener.drain();
        }
      }
    } finally {
      http.close();
      for (LoopbackSocket listener : listeners) {
        listener.close();
      }
    }
  }

  /** Waits while real clients storm in: they warm the server up themselves. Whether it did. */
  private boolean madeWay(BooleanSupplier wanted) throws InterruptedException {
    boolean waited = false;
    long came = handshakes.getAsLong();
    while (came - handshakesSeen >= VISITORS && wanted.getAsBoolean()) {
      handshakesSeen = came;
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      waited = true;
      came = handshakes.getAsLong();
    }
    handshakesSeen = came;
    return waited;
  }

  private LoopbackSocket connect() throws IOException {
    LoopbackSocket socket = new LoopbackSocket(port);
    socket.write(
        "GET /app/"
            + credentials.key()
            + "?protocol=7&client=js&version=8.6.0&flash=false HTTP/1.1\r\n"
            + "Host: localhost\r\nOrigin: http://127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    return socket;
  }

  /** Some clients' lives, all at once; the first does more than most. */
  private void visit(int number) throws IOException {
    List<LoopbackSocket> visitors = new ArrayList<>(VISITORS);
    try {
      for (int i = 0; i < VISITORS; i++) {
        visitors.add(connect());
      }
      for (LoopbackSocket visitor : visitors) {
        visitor.readHead();
      }
      SocketId first = socketId(visitors.get(0).readFrame());
      for (LoopbackSocket visitor : visitors.subList(1, VISITORS)) {
        visitor.readFrame();
      }
      for (LoopbackSocket visitor : visitors) {
        subscribe(visitor, ChannelName.of("warm-up-" + number % 50), "", null);
      }
      for (LoopbackSocket visitor : visitors) {
        visitor.readFrame();
      }
      stay(visitors.get(0), first, number);
      for (LoopbackSocket visitor : visitors.subList(0, VISITORS / 2)) {
        visitor.writeClose();
      }
    } finally {
      for (LoopbackSocket visitor : visitors) {
        visitor.close();
      }
    }
  }

  /** Private and presence channels, a client event, a ping. */
  private void stay(LoopbackSocket visitor, SocketId id, int number) throws IOException {
    subscribe(visitor, PRIVATE, ChannelAuth.sign(credentials, id, PRIVATE, null), null);
    String member = "{\"user_id\":\"" + number % USERS + "\",\"user_info\":{\"name\":\"Warm\"}}";
    subscribe(visitor, PRESENCE, ChannelAuth.sign(credentials, id, PRESENCE, member), member);
    visitor.writeFrame(
        "{\"event\":\"client-warm\",\"channel\":\"private-warm-up\",\"data\":{\"on\":true}}");
    visitor.writeFrame("{\"event\":\"pusher:ping\",\"data\":{}}");
    for (int answers = 0; answers < 3; answers++) {
      visitor.readFrame();
    }
  }

  private static SocketId socketId(String established) throws IOException {
    String start = "\\\"socket_id\\\":\\\"";
    if (!established.contains(start)) {
      throw new IOException("expected to be told a socket id, got " + established);
    }
    int from = established.indexOf(start) + start.length();
    return new SocketId(established.substring(from, established.indexOf('\\', from)));
  }

  private static void subscribe(
      LoopbackSocket socket, ChannelName channel, String auth, @Nullable String member)
      throws IOException {
    String channelData =
        member == null ? "" : ",\"channel_data\":\"" + member.replace("\"", "\\\"") + "\"";
    socket.writeFrame(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\""
            + auth
            + "\""
            + channelData
            + ",\"channel\":\""
            + channel
            + "\"}}");
  }

  private void trigger(LoopbackSocket http) throws IOException {
    byte[] body =
        ("{\"name\":\"warm-up\",\"data\":\"{\\\"id\\\":1,\\\"text\\\":\\\"warm\\\"}\",\"channels\":[\""
                + FAN_OUT
                + "\"]}")
            .getBytes(StandardCharsets.UTF_8);
    String path = "/apps/" + appId + "/events";
    String query =
        RequestAuth.signedQuery(credentials, "POST", path, Map.of(), body, Instant.now());
    http.write(
        "POST "
            + path
            + "?"
            + query
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n"
            + new String(body, StandardCharsets.UTF_8));
  }
}
