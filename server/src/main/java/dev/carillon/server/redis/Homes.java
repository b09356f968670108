package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.status.UserChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which topics lie together in Redis: the channel that a user has for itself lies where the user's
 * topic does, so that one script can see to both. Any other topic lies where its name says.
 *
 * <p>All nodes must mean the same by it; {@link AppFingerprints} sees to that.
 *
 * <p>Thread-safe.
 */
final class Homes {
  private final Map<String, UserChannel> byApp = new ConcurrentHashMap<>();

  /** The apps that are served here; before anything is kept of them. */
  void add(Iterable<App> apps) {
    apps.forEach(app -> byApp.put(app.id(), UserChannel.of(app)));
  }

  /** The name of the channel with which a topic lies. */
  String of(Topic topic) {
    ChannelName channel = topic.channel();
    UserChannel own = byApp.get(topic.appId());
    return own == null || channel.type() == ChannelType.USER
        ? channel.value()
        : own.userOf(channel).map(id -> ChannelName.ofUser(id).value()).orElse(channel.value());
  }
}
