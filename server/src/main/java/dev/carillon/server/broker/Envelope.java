package dev.carillon.server.broker;

import dev.carillon.protocol.channel.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * What is published: a finished client frame, and what a node must know to hand it on without
 * reading it; or the order to end connections.
 *
 * <p>Immutable: nobody changes the array after it was handed in.
 *
 * @param message the text of the frame, in UTF-8; empty if it is no message
 * @param except the connection that does not get it
 * @param sequence of a presence channel's or a user status' change, from 1; 0 for all other frames
 */
public record Envelope(Kind kind, byte[] message, @Nullable SocketId except, long sequence) {
  /** What a node does with it. */
  public enum Kind {
    /** Sends the message to the topic's subscribers. */
    MESSAGE,
    /** Closes the connections of the topic's subscribers. */
    TERMINATE
  }

  private static final Envelope TERMINATE = new Envelope(Kind.TERMINATE, new byte[0], null, 0);

  /** A frame. */
  public Envelope(byte[] message, @Nullable SocketId except, long sequence) {
    this(Kind.MESSAGE, message, except, sequence);
  }

  /** A frame that is no change of a member list. */
  public static Envelope of(byte[] message, @Nullable SocketId except) {
    return new Envelope(message, except, 0);
  }

  /** The order to close the connections of the topic's subscribers. */
  public static Envelope terminate() {
    return TERMINATE;
  }
}
