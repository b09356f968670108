package dev.carillon.server.redis;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a link is to be subscribed to, and how far it is.
 *
 * <p>Thread-safe.
 */
final class WantedChannels {
  private final Set<String> wanted = new HashSet<>();

  /** Those of them that the server has not subscribed yet. */
  private final Set<String> unconfirmed = new HashSet<>();

  /** What was not sent yet: whether to subscribe. */
  private final Map<String, Boolean> changes = new LinkedHashMap<>();

  /** What messages may have been missed of, until it is confirmed. */
  private final Set<String> missed = new HashSet<>();

  /** Whether messages may have been missed, and nobody was told yet. */
  private boolean gap;

  private @Nullable ServerConnection connection;

  /**
   * Something is wanted, or no more.
   *
   * @param moved whether it was subscribed elsewhere
   * @return whether it is the first that is to be sent
   */
  synchronized boolean change(String channel, boolean subscribe, boolean moved) {
    if (subscribe) {
      wanted.add(channel);
      unconfirmed.add(channel);
    } else {
      wanted.remove(channel);
      unconfirmed.remove(channel);
      missed.remove(channel);
    }
    if (moved) {
      missed.add(channel);
      gap = true;
    }
    boolean first = changes.isEmpty();
    changes.remove(channel); // the last word comes last
    changes.put(channel, subscribe);
    return first;
  }

  /**
   * Takes back what was wanted, and neither sent over a connection nor confirmed by an earlier one.
   */
  synchronized boolean cancel(String channel) {
    boolean unsent = Boolean.TRUE.equals(changes.get(channel)) && unconfirmed.contains(channel);
    if (unsent && !missed.contains(channel)) {
      changes.remove(channel);
      wanted.remove(channel);
      unconfirmed.remove(channel);
      return true;
    }
    return false;
  }

  /** All is asked for over a new connection. */
  synchronized void askAll(ServerConnection opened) {
    connection = opened;
    for (String channel : wanted) {
      if (unconfirmed.add(channel)) {
        missed.add(channel);
      }
    }
    gap |= !missed.isEmpty();
    changes.clear();
    wanted.forEach(channel -> changes.put(channel, true));
  }

  /** What is not confirmed is asked for once more; whether there is such. */
  synchronized boolean askAgain() {
    unconfirmed.forEach(channel -> changes.putIfAbsent(channel, true));
    return !settled();
  }

  synchronized boolean changed() {
    return !changes.isEmpty();
  }

  /** What is to be sent now, in order; nothing over a connection that is not the last one. */
  synchronized Map<String, Boolean> takeChanges(ServerConnection to) {
    if (connection != to) {
      return Map.of();
    }
    Map<String, Boolean> taken = new LinkedHashMap<>(changes);
    changes.clear();
    return taken;
  }

  /** The server has subscribed it. */
  synchronized void confirmed(String channel) {
    unconfirmed.remove(channel);
    missed.remove(channel);
  }

  /** The server has unsubscribed it; whether that was not asked for. */
  synchronized boolean takenAway(String channel) {
    if (!wanted.contains(channel) || !unconfirmed.add(channel)) {
      return false; // asked for, or asked for and wanted again since
    }
    missed.add(channel);
    gap = true;
    return true;
  }

  /** Whether the server has subscribed all that is wanted. */
  synchronized boolean settled() {
    return unconfirmed.isEmpty();
  }

  /** Whether all comes that was subscribed before the connection was lost. */
  synchronized boolean complete() {
    return missed.isEmpty();
  }

  /** Whether there was a gap that is over now; once. */
  synchronized boolean caughtUp() {
    boolean over = gap && missed.isEmpty();
    if (over) {
      gap = false;
    }
    return over;
  }
}
