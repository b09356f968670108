package dev.carillon.server.transport;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ClientEventDecoder;
import dev.carillon.server.app.App;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.connection.Farewell;
import dev.carillon.server.connection.HttpConnection;
import dev.carillon.server.session.Session;
import dev.carillon.server.session.Sessions;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client of the HTTP fallbacks has instead of a WebSocket: many requests, on any sockets,
 * that make one session.
 *
 * <p>Confined to the event loop of the request that opened it, but for {@link #execute}.
 */
final class XhrSession implements Watched {
  private static final Logger LOG = LoggerFactory.getLogger(XhrSession.class);

  /** How long a client may be without a request to receive by. */
  private static final int AWAY_SECONDS = 5;

  /** pusher-js waits 30 s for a sign of life, proxies often 60 s. */
  private static final int HEARTBEAT_SECONDS = 25;

  private final XhrSessions.Id id;
  private final XhrSessions sessions;
  private final HttpConnection connection;
  private final Session session;
  private final ClientEventDecoder decoder;
  private final LoopWatch watch;
  private final Hub hub;
  private final boolean streams;
  private int heardAt;
  private int quietSeconds;
  private int awaySeconds;
  private boolean heard;
  private boolean pinged;
  private boolean heartbeatSent;
  private int slot;

  /**
   * Opens a session of a client that was let in; the client is told its socket id.
   *
   * @param streams how it receives at first
   */
  XhrSession(
      XhrSessions.Id id,
      XhrSessions sessions,
      Sessions opener,
      SocketId socketId,
      Hub hub,
      ClientEventDecoder decoder,
      LoopWatch watch,
      Client client,
      boolean streams) {
    this.id = id;
    this.sessions = sessions;
    this.hub = hub;
    this.decoder = decoder;
    this.watch = watch;
    this.streams = streams;
    this.heardAt = watch.nowSeconds();
    this.connection = new HttpConnection(socketId, watch.loop(), watch.flushQueue(), this::ended);
    this.session = opener.open(connection, hub, client.address());
  }

  HttpConnection connection() {
    return connection;
  }

  App app() {
    return hub.app();
  }

  /** It has its id: from now on it is looked after. */
  void start() {
    watch.add(this);
    hub.metrics().fallbackOpened(streams);
    LOG.debug("Connection opened app={} socket_id={}", app().id(), connection.socketId());
  }

  /** Another had the id. */
  void discard() {
    session.closed();
  }

  private void ended() {
    watch.remove(this);
    sessions.remove(id, this);
    hub.metrics().fallbackClosed(streams);
    session.closed();
    LOG.debug("Connection closed app={} socket_id={}", app().id(), connection.socketId());
  }

  /**
   * Runs a task on the session's loop, at once if this is it.
   *
   * @return false if that loop has ended
   */
  boolean execute(Runnable task) {
    return watch.execute(task);
  }

  /**
   * Takes a request to receive by.
   *
   * @return false if the session has ended: the request belongs to a new one
   */
  boolean receiveBy(XhrAnswer answer) {
    heard = true;
    heartbeatSent = false;
    awaySeconds = 0; // it was here, even if its answer leaves before the next tick
    return connection.receiveBy(answer);
  }

  /**
   * Takes messages of the client.
   *
   * @param messages none for a heartbeat
   * @return false if the session has ended
   */
  boolean receive(List<byte[]> messages) {
    if (connection.closing()) {
      return false;
    }
    heard = true;
    if (messages.isEmpty()) {
      heartbeatReceived();
    }
    for (byte[] message : messages) {
      if (!connection.closing()) {
        receive(message);
      }
    }
    return true;
  }

  private void receive(byte[] message) {
    if (!session.admits()) {
      return;
    }
    try {
      decoder.decode(message).dispatch(session);
    } catch (ProtocolException mistake) {
      session.refuse(mistake);
    } catch (RuntimeException fault) {
      LOG.error("Connection failed app={} socket_id={}", app().id(), connection.socketId(), fault);
      connection.refuse(ErrorCode.OVER_CAPACITY, "Internal error");
    }
  }

  /** A streaming client answers our heartbeats by one of its own; any other is a question. */
  private void heartbeatReceived() {
    if (heartbeatSent) {
      heartbeatSent = false;
    } else {
      sendHeartbeat();
    }
  }

  private boolean sendHeartbeat() {
    boolean sent = connection.heartbeat();
    if (sent) {
      quietSeconds = 0;
      heartbeatSent = connection.streams();
    }
    return sent;
  }

  @Override
  public void tick(int nowSeconds) {
    if (connection.closing()) {
      return;
    }
    session.tick();
    awaySeconds = connection.away() ? awaySeconds + 1 : 0;
    quietSeconds = connection.sentSince() ? 0 : quietSeconds + 1;
    if (awaySeconds > AWAY_SECONDS) {
      connection.end();
    } else if (heard) {
      heard = false;
      pinged = false;
      heardAt = nowSeconds;
    } else {
      silent((long) nowSeconds - heardAt);
    }
    if (quietSeconds >= HEARTBEAT_SECONDS || connection.exhausted()) {
      sendHeartbeat();
    }
  }

  private void silent(long seconds) {
    long pingAfter = app().pingInterval().toSeconds();
    if (seconds >= pingAfter + app().pongTimeout().toSeconds()) {
      connection.refuse(ErrorCode.PONG_MISSING, "Pong reply not received in time");
    } else if (seconds >= pingAfter && !pinged) {
      pinged = sendHeartbeat();
    }
  }

  @Override
  public void drain(Duration within, Farewell farewell) {
    connection.drain(within, farewell);
  }

  @Override
  public int slot() {
    return slot;
  }

  @Override
  public void slot(int index) {
    slot = index;
  }
}
