package dev.carillon.server.status;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.status.StatusStore.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is published to whom when a user is told of: the user's own channel, the presence channels
 * that the user is in, the audience, and those who watch the user.
 *
 * <p>Immutable.
 */
record Announcements(String appId, UserChannel userChannel) {
  /** In the order in which it is published. */
  List<Publication> of(String id, Telling telling, @Nullable SocketId except) {
    List<Publication> publications = new ArrayList<>();
    Optional<ChannelName> own = userChannel.of(id);
    StatusUpdate toUser = telling.own();
    if (toUser != null) {
      own.ifPresent(channel -> publications.add(update(channel, toUser.toData(), except)));
    }
    StatusUpdate toOthers = telling.others();
    if (toOthers != null) {
      byte[] data = toOthers.toData();
      for (ChannelName channel : channels(telling.after())) {
        if (own.isEmpty() || !own.get().equals(channel)) {
          publications.add(update(channel, data, except));
        }
      }
      publications.add(
          new Publication(
              Topic.ofStatus(appId, new UserId(id, false)),
              Envelope.status(
                  new ServerEvent.WatchlistStatus(toOthers.now()).toBytes(),
                  except,
                  toOthers.now().version())));
    }
    return publications;
  }

  /** Who has subscribers of the user's own channels is told that they may be disturbed. */
  List<Publication> releases(String id) {
    return ownTopics(id).stream().map(topic -> new Publication(topic, Envelope.release())).toList();
  }

  /** The channels that a user has for itself. */
  List<Topic> ownTopics(String id) {
    Stream<Topic> named = userChannel.of(id).map(channel -> new Topic(appId, channel)).stream();
    return Stream.concat(named, Stream.of(Topic.ofUser(appId, new UserId(id, false)))).toList();
  }

  /** The presence channels that the user is in, and the audience. */
  private static Set<ChannelName> channels(UserRecord user) {
    Set<ChannelName> channels = user.presenceChannels();
    channels.addAll(user.audience());
    return channels;
  }

  private Publication update(ChannelName channel, byte[] data, @Nullable SocketId except) {
    ServerEvent event =
        new ServerEvent.ChannelMessage(
            channel, StatusUpdate.EVENT, RawJson.slice(data, 0, data.length));
    return new Publication(new Topic(appId, channel), Envelope.of(event.toBytes(), except));
  }
}
