package dev.carillon.server.channel;

import dev.carillon.server.broker.Envelope;

/**
 * How far a subscriber has been told when its subscription is acknowledged.
 *
 * <p>Immutable.
 *
 * @param change the last that its member list contains, or what it was told of who is online; 0
 *     where there is none
 * @param event the event that it is given from the cache, or the version of the status that it was
 *     told of a user; 0 where there is none
 */
public record Position(long change, long event) {
  /** Everything that comes is news. */
  public static final Position START = new Position(0, 0);

  /** How far it has been told when it has been told that too. */
  Position after(Envelope envelope) {
    return switch (envelope.kind()) {
      case MESSAGE, TERMINATE, RELEASE -> this;
      case CHANGE -> new Position(envelope.sequence(), event);
      case CACHED, STATUS -> new Position(change, envelope.sequence());
    };
  }

  boolean isBefore(Envelope envelope) {
    return switch (envelope.kind()) {
      case MESSAGE, TERMINATE, RELEASE -> true;
      case CHANGE -> envelope.sequence() > change;
      case CACHED -> envelope.sequence() > event;
      case STATUS -> envelope.sequence() > event || beginsAnewWith(envelope);
    };
  }

  /** Whether it is the first status of a user who was forgotten meanwhile. */
  boolean beginsAnewWith(Envelope envelope) {
    return envelope.kind() == Envelope.Kind.STATUS && envelope.sequence() == 1 && event > 1;
  }
}
