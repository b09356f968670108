package dev.carillon.server.connection;

import dev.carillon.protocol.channel.SocketId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One live connection of a client that cannot have a WebSocket: it keeps a request open, and what
 * is sent leaves as the answer. While no request is open, or a piece of the answer is on its way,
 * messages wait here. Why nothing is lost when the client changes requests: docs/adr/0011.
 *
 * <p>Confined to its event loop.
 */
public final class HttpConnection extends Connection {
  /** pusher-js begins a new request when what it has read is longer than that, and complete. */
  private static final int MAX_ANSWER_UNITS = 256 * 1024;

  private static final long CLOSE_SECONDS = 5;
  private static final byte[] ANOTHER_OPEN =
      XhrLines.closing(2010, "Another connection still open");
  private static final byte[] HEARTBEAT = {'h', '\n'};

  private final EventLoop loop;
  private final Runnable ended;
  private final XhrLines waiting = new XhrLines();
  private @Nullable Receiver receiver;
  private int answeredUnits;
  private boolean onItsWay;
  private boolean lastPiece;
  private boolean complete;
  private boolean wrote;
  private boolean over;
  private int limit;

  /**
   * A connection that no request is open for yet.
   *
   * @param ended called once when it has ended, on the loop, in a task of its own
   */
  public HttpConnection(SocketId socketId, EventLoop loop, FlushQueue flushQueue, Runnable ended) {
    super(socketId, flushQueue);
    this.loop = loop;
    this.ended = ended;
    this.limit = maxOutboundBytes();
    waiting.open();
  }

  /** The whole answer to a client that may not connect. */
  public static byte[] refusal(byte[] error, int code, String reason) {
    XhrLines lines = new XhrLines();
    lines.open();
    lines.message(error);
    lines.close(code, reason);
    return lines.take();
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  /**
   * Answers by that request from now on. A client has one request at a time; another is refused,
   * unless the one before has had all of its answer.
   *
   * @return false if the connection has ended: the request belongs to a new one
   */
  public boolean receiveBy(Receiver next) {
    if (over) {
      return false;
    }
    flush(); // what waits belongs to the request before
    Receiver before = receiver;
    // The last piece may have reached the client before its report came here.
    boolean answered = onItsWay && lastPiece;
    if (before != null && !answered && !exhausted()) {
      next.send(ANOTHER_OPEN, true);
      return true;
    }
    receiver = next;
    answeredUnits = 0;
    onItsWay = false;
    complete = false;
    if (before != null && !answered) {
      before.end();
    }
    queue();
    return true;
  }

  @Override
  public void send(byte[] text) {
    assert loop.inEventLoop() : "written from another thread";
    if (closing()) {
      return;
    }
    int before = waiting.size();
    waiting.message(text);
    int added = waiting.size() - before;
    // One message may be larger than the whole limit; it must not count as a backlog.
    if (added > maxOutboundBytes() / 2) {
      limit = Math.max(limit, added + maxOutboundBytes());
    }
    queue();
  }

  @Override
  public void write(ByteBuf frame) {
    try {
      send(ByteBufUtil.getBytes(Frames.payload(frame)));
    } finally {
      frame.release();
    }
  }

  /**
   * Sends a heartbeat, unless something is on its way anyhow.
   *
   * @return whether it was sent
   */
  public boolean heartbeat() {
    Receiver open = receiver;
    if (open == null || onItsWay || closing()) {
      return false;
    }
    if (exhausted()) {
      // May be lost without harm, and moves a browser that was slow to tell of the last piece.
      send(open, HEARTBEAT);
      return true;
    }
    if (!waiting.isEmpty()) {
      return false;
    }
    waiting.heartbeat();
    queue();
    return true;
  }

  /** Whether the client has no request open. */
  public boolean away() {
    return receiver == null;
  }

  /** Whether the client's request has had as much of an answer as the client reads of one. */
  public boolean exhausted() {
    return answeredUnits > MAX_ANSWER_UNITS;
  }

  /** Whether the answer to the client's request is streamed. */
  public boolean streams() {
    Receiver open = receiver;
    return open != null && open.streams();
  }

  /** Whether anything was sent since this was last asked. */
  public boolean sentSince() {
    boolean since = wrote;
    wrote = false;
    return since;
  }

  @Override
  boolean flush() {
    Receiver open = receiver;
    if (open != null && !onItsWay && !exhausted() && !waiting.isEmpty()) {
      send(open, waiting.take());
    }
    boolean keepsUp = waiting.size() <= limit || closing();
    if (waiting.isEmpty()) {
      limit = maxOutboundBytes();
    }
    return keepsUp;
  }

  private void send(Receiver to, byte[] lines) {
    onItsWay = true;
    wrote = true;
    answeredUnits += XhrLines.units(lines);
    lastPiece = closing() || !to.streams();
    to.send(lines, lastPiece);
  }

  /**
   * A piece of the answer has left.
   *
   * @param last whether the answer has ended with it
   */
  public void sent(Receiver by, boolean last) {
    if (by != receiver) {
      return;
    }
    onItsWay = false;
    complete = exhausted();
    if (last) {
      receiver = null;
      answeredUnits = 0;
      if (closing() && waiting.isEmpty()) {
        end();
      }
    } else if (!waiting.isEmpty()) {
      queue();
    }
  }

  /**
   * The client's request has ended before its answer. A client that had read all it reads of one
   * comes back with the next; of any other nobody knows what it has read, so its connection ends.
   */
  public void lost(Receiver by) {
    if (by != receiver) {
      return;
    }
    receiver = null;
    answeredUnits = 0;
    if (!complete) {
      end();
    }
  }

  @Override
  public void close(int code, String reason) {
    if (closing()) {
      return;
    }
    startClosing();
    waiting.close(code, reason);
    queue();
    loop.schedule(this::end, CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void end() {
    startClosing();
    if (over) {
      return;
    }
    over = true;
    Receiver open = receiver;
    receiver = null;
    waiting.clear();
    if (open != null) {
      open.end();
    }
    loop.execute(ended);
  }
}
