package dev.carillon.server.redis;

import java.util.HashMap;
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
  /** Whether each is confirmed. */
  private final Map<String, Boolean> wanted = new HashMap<>();

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
      wanted.put(channel, false);
    } else {
      wanted.remove(channel);
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
    boolean unsent =
        Boolean.TRUE.equals(changes.get(channel)) && Boolean.FALSE.equals(wanted.get(channel));
    if (unsent && !missed.contains(channel)) {
      changes.remove(channel);
      wanted.remove(channel);
      return true;
    }
    return false;
  }

  /** All is asked for over a new connection. */
  synchronized void askAll(ServerConnection opened) {
    connection = opened;
    wanted.forEach(
        (channel, confirmed) -> {
          if (confirmed) {
            missed.add(channel);
          }
        });
    gap |= !missed.isEmpty();
    wanted.replaceAll((channel, confirmed) -> false);
    changes.clear();
    wanted.keySet().forEach(channel -> changes.put(channel, true));
  }

  /** What is not confirmed is asked for once more; whether there is such. */
  synchronized boolean askAgain() {
    boolean some = false;
    for (Map.Entry<String, Boolean> each : wanted.entrySet()) {
      if (!each.getValue()) {
        some = true;
        changes.putIfAbsent(each.getKey(), true);
      }
    }
    return some;
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
    wanted.replace(channel, true);
    missed.remove(channel);
  }

  /** The server has unsubscribed it; whether that was not asked for. */
  synchronized boolean takenAway(String channel) {
    if (!Boolean.TRUE.equals(wanted.get(channel))) {
      return false; // asked for, or asked for and wanted again since
    }
    wanted.put(channel, false);
    missed.add(channel);
    gap = true;
    return true;
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
