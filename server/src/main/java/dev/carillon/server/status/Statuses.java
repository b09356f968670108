package dev.carillon.server.status;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.status.StatusStore.At;
import dev.carillon.server.status.StatusStore.Change;
import dev.carillon.server.status.StatusStore.Changed;
import dev.carillon.server.status.StatusStore.Publication;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
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
  private final Announcements announcements;

  public Statuses(App app, StatusStore store, StatusTimes times) {
    this.app = app;
    this.store = store;
    this.times = times;
    this.announcements = new Announcements(app.id(), UserChannel.of(app));
  }

  /** Whether the app's users have a status. */
  public boolean enabled() {
    return app.status().enabled();
  }

  public StatusTimes times() {
    return times;
  }

  /** The channel that a user has for itself; none if the id cannot be part of a name. */
  public Optional<ChannelName> ownChannel(String userId) {
    return announcements.userChannel().of(userId);
  }

  /** All channels that a user has for itself; they are the same whenever it is asked. */
  public List<Topic> ownTopics(UserId user) {
    return announcements.ownTopics(user.value());
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
        (record, at) -> Arrivals.connected(record, at.node(), socket, details, at.happened()));
  }

  /**
   * A connection is in a presence channel as the user, who is known by that.
   *
   * @return completes with the record
   */
  public CompletionStage<Optional<UserRecord>> joined(
      UserId user, SocketId socket, UserDetails details, ChannelName presence, boolean known) {
    return store.change(
        topic(user),
        change(
            user.value(),
            known ? Cause.ACTIVE : Cause.CONNECTED,
            null,
            (record, at) ->
                Changes.joined(
                    Changes.subscribed(
                        Arrivals.connected(record, at.node(), socket, details, at.happened()),
                        at.node(),
                        socket,
                        at.happened()),
                    at.node(),
                    socket,
                    presence,
                    at.happened())),
        true);
  }

  /** How others will see a user whom a connection is about to be known as. */
  public CompletionStage<UserStatus> awaited(UserId user, SocketId socket, UserDetails details) {
    return store
        .read(List.of(topic(user)))
        .thenApply(
            read ->
                Telling.awaited(
                    user.value(),
                    read.records().get(0).orElseGet(() -> UserRecord.fresh(read.now())),
                    socket,
                    details,
                    read.now(),
                    times));
  }

  /** What others see of a record. */
  public UserStatus seen(UserId user, UserRecord record) {
    return Telling.others(user.value(), record);
  }

  /** A connection has subscribed to a channel in which it is nobody, or somebody else. */
  public void subscribed(UserId user, SocketId socket) {
    keep(
        user,
        Cause.ACTIVE,
        (record, at) -> Changes.subscribed(record, at.node(), socket, at.happened()));
  }

  /** A connection has left a presence channel, in which it was the user. */
  public void unsubscribed(UserId user, SocketId socket, ChannelName presence) {
    keep(
        user,
        Cause.ACTIVE,
        (record, at) -> Changes.left(record, at.node(), socket, presence, at.happened()));
  }

  /** A connection has ended, or its user is not known any more. */
  public void disconnected(UserId user, SocketId socket) {
    keep(
        user,
        Cause.DISCONNECTED,
        (record, at) -> Changes.disconnected(record, at.node(), socket, at.happened()));
  }

  /** Something was done on a connection. */
  public void active(UserId user, SocketId socket) {
    keep(
        user,
        Cause.ACTIVE,
        (record, at) -> Changes.active(record, at.node(), socket, at.happened()));
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
  CompletionStage<UserRecord> ask(
      UserId user, @Nullable SocketId except, BiFunction<UserRecord, At, UserRecord> step) {
    return store
        .change(topic(user), change(user.value(), Cause.MANUAL, except, step), false)
        .thenApply(Optional::orElseThrow);
  }

  /** Something was done by a user, as the app says; that alone is told when a device wakes up. */
  CompletionStage<Void> active(UserId user, @Nullable String deviceId) {
    return active(user, (record, at) -> Changes.active(record, deviceId, at.now()));
  }

  /** A client of a user did something by itself, as the app says: no device wakes up. */
  CompletionStage<Void> activeInBackground(UserId user) {
    return active(user, (record, at) -> record.activeAt(at.now()));
  }

  private CompletionStage<Void> active(UserId user, BiFunction<UserRecord, At, UserRecord> step) {
    return store
        .change(topic(user), change(user.value(), Cause.ACTIVE, null, step), false)
        .thenApply(done -> null);
  }

  /** How those users are; one read. */
  public CompletionStage<StatusStore.Read> read(List<UserId> users) {
    return store.read(users.stream().map(this::topic).toList());
  }

  /** Whether a user does not want to be disturbed now. */
  public CompletionStage<Boolean> wantsQuiet(UserId user) {
    return read(List.of(user))
        .thenApply(
            read ->
                read.records().get(0).stream()
                    .anyMatch(record -> EffectiveStatus.wantsQuiet(record, read.now())));
  }

  /** Whose own channel it is; none if it is nobody's, or users have no status. */
  public Optional<UserId> owner(ChannelName channel) {
    if (!enabled()) {
      return Optional.empty();
    }
    return (channel.type() == ChannelType.USER
            ? Optional.of(channel.user())
            : announcements.userChannel().userOf(channel))
        .filter(UserId::isValid)
        .map(id -> new UserId(id, false));
  }

  private Change change(
      String id,
      Cause cause,
      @Nullable SocketId except,
      BiFunction<UserRecord, At, UserRecord> step) {
    return (before, at) -> {
      UserRecord record = before == null ? UserRecord.fresh(at.now()) : before;
      return changed(id, record, user -> step.apply(user, at), cause, except, at.now());
    };
  }

  private Changed changed(
      String id,
      UserRecord record,
      UnaryOperator<UserRecord> step,
      Cause cause,
      @Nullable SocketId except,
      Instant now) {
    Telling telling = Telling.of(id, record, step, cause, now, times);
    UserRecord after = telling.after();
    if (Upcoming.isOver(after, now, times)) {
      return NOTHING;
    }
    List<Publication> publications = announcements.of(id, telling, except);
    if (EffectiveStatus.quietEnded(record, after, now)) {
      publications.addAll(announcements.releases(id));
    }
    return new Changed(after, Upcoming.of(after, now, times), publications, telling.others());
  }

  /** Something of a user's record is due. */
  public Change due(Topic user) {
    return (before, at) ->
        before == null
            ? NOTHING
            : changed(id(user), before, record -> record, Cause.IDLE, null, at.now());
  }

  /** A node is dead on which the user had connections. */
  public Change died(Topic user, String deadNode) {
    Change change =
        change(
            id(user),
            Cause.DISCONNECTED,
            null,
            (record, at) -> Changes.died(record, deadNode, at.happened()));
    return (before, at) -> before == null ? NOTHING : change.of(before, at);
  }

  /**
   * This node is called otherwise than before, or the record was lost.
   *
   * @param known as it was known here
   * @param latest whether that is later than what is kept
   * @param lives all that this node is and was called
   */
  public Change back(Topic user, UserRecord known, boolean latest, Set<String> lives) {
    return (before, at) -> {
      PuttingBack back = new PuttingBack(known, latest, lives, at.node(), at.now());
      return changed(
          id(user),
          before == null ? known : before,
          record -> back.into(before),
          Cause.CONNECTED,
          null,
          at.now());
    };
  }

  private static String id(Topic user) {
    return user.channel().user();
  }
}
