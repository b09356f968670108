package dev.carillon.server.broker;

import dev.carillon.protocol.channel.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * What is published to a topic: the finished text of a frame, made once for all subscribers on all
 * nodes.
 *
 * <p>Immutable: nobody changes the array after it was handed in.
 *
 * @param message the text of the frame, in UTF-8; empty if it is no message
 * @param except the connection that does not get it
 * @param sequence higher than that of the topic's envelopes of this kind before, and above 0; 0
 *     where the kind has none
 */
public record Envelope(Kind kind, byte[] message, @Nullable SocketId except, long sequence) {
  /** What it is to a subscriber. */
  public enum Kind {
    /** A message that is news to everybody. */
    MESSAGE,
    /** A message about a change of the member list or of who is online, which may be known. */
    CHANGE,
    /** A message that a cache channel keeps, which may be known. */
    CACHED,
    /** No message but the order to close the subscriber's connection. */
    TERMINATE,
    /** No message: the topic's user may be disturbed again; subscribers are due what was held. */
    RELEASE,
    /** A message that tells how a user is, numbered by its version. */
    STATUS
  }

  private static final Envelope TERMINATE = new Envelope(Kind.TERMINATE, new byte[0], null, 0);
  private static final Envelope RELEASE = new Envelope(Kind.RELEASE, new byte[0], null, 0);

  /** A message. */
  public static Envelope of(byte[] message, @Nullable SocketId except) {
    return new Envelope(Kind.MESSAGE, message, except, 0);
  }

  /** A message that tells how a user is. */
  public static Envelope status(byte[] message, @Nullable SocketId except, long version) {
    return new Envelope(Kind.STATUS, message, except, version);
  }

  /** A change of a member list or of who is online. */
  public static Envelope change(byte[] message, @Nullable SocketId except, long sequence) {
    return new Envelope(Kind.CHANGE, message, except, sequence);
  }

  /** An event that is kept. */
  public static Envelope cached(byte[] message, @Nullable SocketId except, long sequence) {
    return new Envelope(Kind.CACHED, message, except, sequence);
  }

  /** The order to close the connections of the topic's subscribers. */
  public static Envelope terminate() {
    return TERMINATE;
  }

  /** The news that what was held of the topic may be delivered. */
  public static Envelope release() {
    return RELEASE;
  }
}
