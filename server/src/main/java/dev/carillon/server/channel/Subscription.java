package dev.carillon.server.channel;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.connection.Connection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection in one channel, or in a topic of a user. Until its subscription is acknowledged it
 * holds back what arrives: no frame of a channel may come before {@code subscription_succeeded}.
 *
 * <p>Confined to its connection's event loop.
 */
public final class Subscription {
  private static final int MAX_HELD = 1000;
  private static final CompletableFuture<Void> AT_ONCE = CompletableFuture.completedFuture(null);

  private final Connection connection;
  private final Channel channel;
  private final @Nullable Member member;
  private final CompletionStage<Void> counted;
  private @Nullable List<Envelope> held = new ArrayList<>(2);
  private Position position = Position.START;
  private boolean live;
  private boolean over;
  private boolean deaf;
  private @Nullable Subscription known;
  private @Nullable Runnable afterwards;
  private int slot;

  /**
   * A subscription that holds back.
   *
   * @param counted completes when everybody who asks is told that it is there
   */
  Subscription(
      Connection connection,
      Channel channel,
      @Nullable Member member,
      CompletionStage<Void> counted) {
    this.connection = connection;
    this.channel = channel;
    this.member = member;
    this.counted = counted;
  }

  /** A subscription to a topic of a user, which nobody counts. */
  static Subscription uncounted(Connection connection, Channel channel) {
    return new Subscription(connection, channel, null, AT_ONCE);
  }

  /** A subscription that gets no messages: it is there to be closed with the topic's others. */
  static Subscription deaf(Connection connection, Channel channel) {
    Subscription subscription = uncounted(connection, channel);
    subscription.deaf = true;
    subscription.live = true;
    subscription.held = null;
    return subscription;
  }

  public Channel channel() {
    return channel;
  }

  Connection connection() {
    return connection;
  }

  /** Who the connection is here; on presence channels only. */
  public @Nullable Member member() {
    return member;
  }

  /** Completes when what is published arrives: in the channel, and to the member's user. */
  public CompletionStage<Void> ready() {
    Subscription user = known;
    return user == null
        ? channel.ready()
        : channel.ready().thenCompose(ready -> user.channel.ready());
  }

  /** Completes when everybody who asks for the channel's subscribers is told that it is there. */
  public CompletionStage<Void> counted() {
    return counted;
  }

  /** By which the member's connection is reached as the user it is here. */
  @Nullable Subscription known() {
    return known;
  }

  void knownAs(Subscription user) {
    known = user;
  }

  /** Whether it was acknowledged. */
  public boolean live() {
    return live;
  }

  /** Whether it was acknowledged, and is not there for its connection's sake only. */
  boolean listens() {
    return live && !deaf;
  }

  /** Whether it ended. */
  public boolean over() {
    return over;
  }

  /** Holds back again, until the next acknowledgement. */
  public void hold() {
    live = false;
    holdBack();
  }

  private void holdBack() {
    if (held == null) {
      held = new ArrayList<>(2);
    }
  }

  /**
   * Something may have been missed, after all that has come until now.
   *
   * @param change of the last change of the topic that has come, 0 if none has
   * @param event of the last kept event or status that has come, 0 if none has
   * @param acknowledged called after its acknowledgement if it is not acknowledged yet
   */
  void missed(long change, long event, Runnable acknowledged) {
    if (!live) {
      afterwards = acknowledged;
      return;
    }
    if (change > position.change() || event > position.event()) {
      position =
          new Position(Math.max(change, position.change()), Math.max(event, position.event()));
    }
  }

  /** Holds back until {@link #resume}; one that is not acknowledged does so anyway. */
  void pause() {
    if (live) {
      holdBack();
    }
  }

  /** Whether it is acknowledged and holds back nevertheless. */
  boolean paused() {
    return live && held != null;
  }

  /** Sends a frame, which stays the caller's, before what is held back. */
  void write(ByteBuf frame) {
    connection.write(frame.retainedDuplicate());
  }

  /**
   * Acknowledges, and hands on what was held back.
   *
   * @param reached what of the held back, and of what comes, is known by that already
   * @param next comes directly after the acknowledgement: a frame's text
   */
  public void acknowledge(ServerEvent acknowledgement, Position reached, byte @Nullable [] next) {
    connection.send(acknowledgement);
    if (next != null) {
      connection.send(next);
    }
    release(reached);
  }

  /**
   * Hands on what was held back, after an acknowledgement.
   *
   * @param reached as of {@link #acknowledge}
   */
  public void release(Position reached) {
    Runnable next = afterwards;
    afterwards = null;
    live = true;
    resume(reached);
    if (next != null) {
      next.run();
    }
  }

  /** Hands on what was held back, as {@link #release} does, and goes on. */
  void resume(Position reached) {
    List<Envelope> waiting = held;
    held = null;
    position = reached;
    if (waiting != null) {
      for (Envelope envelope : waiting) {
        if (position.isBefore(envelope)) {
          connection.send(envelope.message());
          position = position.after(envelope);
        }
      }
    }
  }

  /**
   * Hands an envelope on, now or when the subscription is acknowledged; whether it is for this
   * connection. The frame holds its message and stays the caller's.
   */
  boolean deliver(Envelope envelope, ByteBuf frame) {
    if (deaf || connection.socketId().equals(envelope.except())) {
      return false;
    }
    List<Envelope> waiting = held;
    if (waiting != null) {
      holdBack(waiting, envelope);
      return true;
    }
    boolean news = position.isBefore(envelope);
    if (news) {
      connection.write(frame.retainedDuplicate());
      if (position.beginsAnewWith(envelope)) {
        position = position.after(envelope);
      }
    }
    return news;
  }

  /** Closes the connection: the app wants it so. */
  void terminate() {
    connection.close(ErrorCode.UNAUTHORIZED.code(), "Connection terminated by the application");
  }

  private void holdBack(List<Envelope> waiting, Envelope envelope) {
    if (waiting.size() == MAX_HELD) {
      connection.close(ErrorCode.OVER_CAPACITY.code(), "Too much arrived while subscribing");
      return;
    }
    waiting.add(envelope);
  }

  /** How far it has been told. */
  public Position position() {
    return position;
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
