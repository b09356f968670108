package dev.carillon.server.status;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.status.StatusStore.Change;
import dev.carillon.server.status.StatusStore.Changed;
import dev.carillon.server.status.StatusStore.Publication;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How one app's users are: what happens to them becomes a change of their record, and what others
 * are told of it.
 *
 * <p>Thread-safe.
 */
public final class Statuses {
  private static final Changed NOTHING = new Changed(null, null, List.of(), null);

  private final App app;
  private final StatusStore store;
  private final StatusTimes times;
  private final UserChannel userChannel;

  public Statuses(App app, StatusStore store, StatusTimes times) {
    this.app = app;
    this.store = store;
    this.times = times;
    this.userChannel = new UserChannel(app.status().userChannel());
  }

  /** Whether the app's users have a status. */
  public boolean enabled() {
    return app.status().enabled();
  }

  public StatusTimes times() {
    return times;
  }

  /** The store's name for a user. */
  public Topic topic(UserId user) {
    return Topic.ofStatus(app.id(), user);
  }

  /** The user of a connection is known now. */
  public void connected(UserId user, SocketId socket, UserDetails details) {
    keep(
        user,
        Cause.CONNECTED,
        (record, at) ->
            Changes.connected(
                record,
                at.node,
                socket,
                details.device(),
                details.deviceId(),
                details.profile(),
                at.now));
  }

  /** A connection has subscribed to a channel; to one of presence as the user. */
  public void subscribed(UserId user, SocketId socket, @Nullable ChannelName presence) {
    keep(
        user,
        Cause.ACTIVE,
        (record, at) -> {
          UserRecord active = Changes.subscribed(record, at.node, socket, at.now);
          return presence == null
              ? active
              : Changes.joined(active, at.node, socket, presence, at.now);
        });
  }

  /** A connection has left a presence channel, in which it was the user. */
  public void unsubscribed(UserId user, SocketId socket, ChannelName presence) {
    keep(
        user,
        Cause.ACTIVE,
        (record, at) -> Changes.left(record, at.node, socket, presence, at.now));
  }

  /** A connection has ended, or its user is not known any more. */
  public void disconnected(UserId user, SocketId socket) {
    keep(
        user,
        Cause.DISCONNECTED,
        (record, at) -> Changes.disconnected(record, at.node, socket, at.now));
  }

  /** Something was done on a connection. */
  public void active(UserId user, SocketId socket) {
    keep(user, Cause.ACTIVE, (record, at) -> Changes.active(record, at.node, socket, at.now));
  }

  private void keep(UserId user, Cause cause, BiFunction<UserRecord, At, UserRecord> step) {
    store.change(topic(user), change(user.value(), cause, null, step), true);
  }

  /**
   * Makes a change that was asked for.
   *
   * @param except the connection that is not told
   * @return completes with the record, or exceptionally with what is wrong with the change
   */
  public CompletionStage<UserRecord> ask(
      UserId user, @Nullable SocketId except, BiFunction<UserRecord, Instant, UserRecord> step) {
    return store
        .change(
            topic(user),
            change(user.value(), Cause.MANUAL, except, (record, at) -> step.apply(record, at.now)),
            false)
        .thenApply(Optional::orElseThrow);
  }

  /** Something was done by a user, as the app says; that alone is told when a device wakes up. */
  public CompletionStage<Void> active(UserId user, @Nullable String deviceId) {
    return store
        .change(
            topic(user),
            change(
                user.value(),
                Cause.ACTIVE,
                null,
                (record, at) -> Changes.active(record, deviceId, at.now)),
            false)
        .thenApply(done -> null);
  }

  /** How those users are; one read. */
  public CompletionStage<StatusStore.Read> read(List<UserId> users) {
    return store.read(users.stream().map(this::topic).toList());
  }

  /** Where and when a change is made. */
  private record At(Instant now, String node) {}

  private Change change(
      String id,
      Cause cause,
      @Nullable SocketId except,
      BiFunction<UserRecord, At, UserRecord> step) {
    return (before, now, node) -> {
      UserRecord record = before == null ? UserRecord.fresh(now) : before;
      return changed(id, step.apply(record, new At(now, node)), cause, except, now);
    };
  }

  private Changed changed(
      String id, UserRecord record, Cause cause, @Nullable SocketId except, Instant now) {
    Telling telling = Telling.of(id, record, cause, now, times);
    UserRecord after = telling.after();
    if (Upcoming.isOver(after, now, times)) {
      return NOTHING;
    }
    return new Changed(
        after, Upcoming.of(after, now, times), publications(id, telling, except), telling.others());
  }

  private List<Publication> publications(String id, Telling telling, @Nullable SocketId except) {
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
              Topic.ofStatus(app.id(), new UserId(id, false)),
              Envelope.of(new ServerEvent.WatchlistStatus(toOthers.now()).toBytes(), except)));
    }
    return publications;
  }

  /** The presence channels that the user is in, and the audience. */
  private static Set<ChannelName> channels(UserRecord user) {
    Set<ChannelName> channels = new LinkedHashSet<>();
    for (Device device : user.devices()) {
      device.channels().forEach(name -> channels.add(ChannelName.ofValue(name)));
    }
    channels.addAll(user.audience());
    return channels;
  }

  private Publication update(ChannelName channel, byte[] data, @Nullable SocketId except) {
    ServerEvent event =
        new ServerEvent.ChannelMessage(
            channel, StatusUpdate.EVENT, RawJson.slice(data, 0, data.length));
    return new Publication(new Topic(app.id(), channel), Envelope.of(event.toBytes(), except));
  }

  /** Something of a user's record is due. */
  public Change due(Topic user) {
    return (before, now, node) ->
        before == null
            ? NOTHING
            : changed(id(user), before, Telling.byTime(before, now, times), null, now);
  }

  /** A node is dead on which the user had connections. */
  public Change died(Topic user, String deadNode) {
    return (before, now, node) ->
        before == null
            ? NOTHING
            : change(
                    id(user),
                    Cause.DISCONNECTED,
                    null,
                    (record, at) -> Changes.died(record, deadNode, at.now))
                .of(before, now, node);
  }

  /**
   * This node is called otherwise than before, or the record was lost.
   *
   * @param known as it was known here
   */
  public Change back(Topic user, UserRecord known, String formerNode) {
    return (before, now, node) -> {
      UserRecord kept =
          before == null || before.shown().version() < known.shown().version() ? known : before;
      List<Device> mine =
          known.devices().stream()
              .filter(device -> device.node().equals(formerNode) && device.goneAt() == null)
              .map(device -> device.on(node))
              .toList();
      UserRecord record = Changes.back(kept, formerNode, mine, now);
      return changed(id(user), record, Telling.byTime(record, now, times), null, now);
    };
  }

  private static String id(Topic user) {
    return user.channel().user();
  }
}
