package dev.carillon.server.redis;

import java.util.List;
import redis.clients.jedis.exceptions.JedisException;

/** Other nodes have an app of this one with another key, so this one must not serve. Quiet. */
final class AppConflictException extends JedisException {
  private static final long serialVersionUID = 1;

  AppConflictException(List<String> apps, String prefix) {
    super(
        "app "
            + String.join(", ", apps)
            + ": another node under scaling.redis.prefix \""
            + prefix
            + "\" has that id with another key; give all nodes the same key (stop the others to"
            + " change it), or this node another prefix");
  }
}
