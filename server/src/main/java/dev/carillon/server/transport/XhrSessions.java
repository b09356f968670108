package dev.carillon.server.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of clients of the HTTP fallbacks, of all event loops.
 *
 * <p>Thread-safe.
 */
final class XhrSessions {
  /**
   * What a client names its session by. It chooses the id itself, 40 random bits in pusher-js, so
   * the page's origin belongs to it: a page that guesses an id of another site reaches nothing.
   *
   * @param key of the app, as it was sent
   * @param origin empty for a client that is no browser
   */
  record Id(String key, String server, String session, String origin) {}

  private final Map<Id, XhrSession> sessions = new ConcurrentHashMap<>();

  @Nullable XhrSession find(Id id) {
    return sessions.get(id);
  }

  /** Adds a session; the one that has the id already, if there is one. */
  @Nullable XhrSession add(Id id, XhrSession session) {
    return sessions.putIfAbsent(id, session);
  }

  void remove(Id id, XhrSession session) {
    sessions.remove(id, session);
  }
}
