package dev.carillon.server.channel;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.connection.Connection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection in one channel. Until its subscription is acknowledged it holds back what arrives:
 * no frame of a channel may come before {@code subscription_succeeded}.
 *
 * <p>Confined to its connection's event loop.
 */
public final class Subscription {
  private static final int MAX_HELD = 1000;

  private final Connection connection;
  private final Channel channel;
  private final @Nullable Member member;
  private @Nullable List<Envelope> held = new ArrayList<>(2);
  private long sequence;
  private boolean over;
  private int slot;

  Subscription(Connection connection, Channel channel, @Nullable Member member) {
    this.connection = connection;
    this.channel = channel;
    this.member = member;
  }

  public Channel channel() {
    return channel;
  }

  /** Who the connection is here; on presence channels only. */
  public @Nullable Member member() {
    return member;
  }

  /** Whether it was acknowledged. */
  public boolean live() {
    return held == null;
  }

  /** Whether it ended. */
  public boolean over() {
    return over;
  }

  /** Holds back again, until the next acknowledgement. */
  public void hold() {
    if (held == null) {
      held = new ArrayList<>(2);
    }
  }

  /**
   * Acknowledges, and hands on what was held back.
   *
   * @param snapshotSequence the last change of the member list that the acknowledgement contains; 0
   *     where there is none
   */
  public void acknowledge(ServerEvent acknowledgement, long snapshotSequence) {
    List<Envelope> waiting = held;
    held = null;
    sequence = snapshotSequence;
    connection.send(acknowledgement);
    if (waiting != null) {
      waiting.stream()
          .filter(this::isNews)
          .forEach(envelope -> connection.send(envelope.message()));
    }
  }

  /**
   * Hands an envelope on. The frame holds its message and stays the caller's.
   *
   * @return whether it was written
   */
  boolean deliver(Envelope envelope, ByteBuf frame) {
    if (connection.socketId().equals(envelope.except())) {
      return false;
    }
    List<Envelope> waiting = held;
    if (waiting != null) {
      holdBack(waiting, envelope);
      return false;
    }
    if (!isNews(envelope)) {
      return false;
    }
    connection.write(frame.retainedDuplicate());
    return true;
  }

  private void holdBack(List<Envelope> waiting, Envelope envelope) {
    if (waiting.size() == MAX_HELD) {
      connection.close(ErrorCode.OVER_CAPACITY.code(), "Too much arrived while subscribing");
      return;
    }
    waiting.add(envelope);
  }

  /** Whether the member list that was acknowledged lacks this change; messages are always news. */
  private boolean isNews(Envelope envelope) {
    return envelope.sequence() == 0 || envelope.sequence() > sequence;
  }

  void end() {
    over = true;
    held = null;
  }

  int slot() {
    return slot;
  }

  void slot(int index) {
    slot = index;
  }
}
