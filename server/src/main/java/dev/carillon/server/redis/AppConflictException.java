package dev.carillon.server.redis;

import java.util.List;
import redis.clients.jedis.exceptions.JedisException;

/** Other nodes have an app of this one otherwise than this one, so it must not serve. Quiet. */
final class AppConflictException extends JedisException {
  private static final long serialVersionUID = 1;

  AppConflictException(List<String> apps, String prefix) {
    super(
        "app "
            + String.join(", ", apps)
            + ": another node under scaling.redis.prefix \""
            + prefix
            + "\" has that id with another key or another status.user_channel; give all nodes the same"
            + " (stop the others to change it), or this node another prefix");
  }
}
