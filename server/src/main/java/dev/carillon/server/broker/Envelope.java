package dev.carillon.server.broker;

import dev.carillon.protocol.channel.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * What is published: a finished client frame, and what a node must know to hand it on without
 * reading it.
 *
 * <p>Immutable: nobody changes the array after it was handed in.
 *
 * @param message the text of the frame, in UTF-8
 * @param except the connection that does not get it
 * @param sequence of a presence channel's change, counted from 1; 0 for all other frames
 */
public record Envelope(byte[] message, @Nullable SocketId except, long sequence) {
  /** A frame that is no change of a member list. */
  public static Envelope of(byte[] message, @Nullable SocketId except) {
    return new Envelope(message, except, 0);
  }
}
