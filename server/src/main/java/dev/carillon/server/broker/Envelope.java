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
 * @param series what the sequence counts
 * @param sequence higher than that of the series' frames before, and above 0; 0 without a series
 */
public record Envelope(byte[] message, @Nullable SocketId except, Series series, long sequence) {
  /** Frames that a subscriber may know from its acknowledgement already. */
  public enum Series {
    /** None: a subscriber knows such a frame from here only. */
    NONE,
    /** Changes of a presence channel's member list. */
    MEMBERS,
    /** Events that a cache channel keeps. */
    CACHED
  }

  /** A frame of no series. */
  public static Envelope of(byte[] message, @Nullable SocketId except) {
    return new Envelope(message, except, Series.NONE, 0);
  }

  /** A change of a member list. */
  public static Envelope memberChange(byte[] message, @Nullable SocketId except, long sequence) {
    return new Envelope(message, except, Series.MEMBERS, sequence);
  }

  /** An event that is kept. */
  public static Envelope cached(byte[] message, @Nullable SocketId except, long sequence) {
    return new Envelope(message, except, Series.CACHED, sequence);
  }
}
