package dev.carillon.server.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A user whose record is kept here, and whose time passes when it is said. */
final class OneUser implements StatusStore {
  static final UserId ID = new UserId("7", false);
  static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
  static final ChannelName OWN = ChannelName.of("private-App.Models.User.7");
  static final ChannelName TEAM = ChannelName.of("presence-team");

  /** What others were told, and when. */
  record Told(Instant at, StatusUpdate update) {}

  private final List<Told> told = new ArrayList<>();
  private final List<Publication> published = new ArrayList<>();
  private final StatusTimes times;
  private final Statuses statuses;
  private int toUser;
  private String node = "n1";
  private Instant now = START;
  private @Nullable UserRecord record;
  private @Nullable Instant due;

  OneUser(StatusTimes times) {
    this.times = times;
    this.statuses =
        new Statuses(App.of(TestServer.app().status(StatusConfig.defaults()).build()), this, times);
  }

  /** With times that are told apart: idle 40 s, away 90 s, offline 100 s, told after 2 s. */
  static OneUser usual() {
    return new OneUser(seconds(100, 40, 90, 2, 1_000));
  }

  static StatusTimes seconds(long offline, long idle, long away, long coalesce, long retention) {
    return new StatusTimes(
        Duration.ofSeconds(offline),
        Duration.ofSeconds(idle),
        Duration.ofSeconds(away),
        Duration.ofSeconds(coalesce),
        Duration.ofSeconds(retention));
  }

  static SocketId socket(int number) {
    return new SocketId("1." + number);
  }

  OneUser connect(int socket, @Nullable String kind, @Nullable String id) {
    statuses.connected(ID, socket(socket), new UserDetails(Profile.UNKNOWN, kind, id));
    return this;
  }

  OneUser disconnect(int socket) {
    statuses.disconnected(ID, socket(socket));
    return this;
  }

  OneUser choose(@Nullable Status status, @Nullable String message, @Nullable Duration length) {
    Instant end = length == null ? null : now.plus(length);
    return ask((user, at) -> Changes.chosen(user, new Choice(status, message, end, at), at));
  }

  OneUser choose(Status status) {
    return choose(status, null, null);
  }

  OneUser say(String deviceId, Status status) {
    return ask((user, at) -> Changes.said(user, deviceId, status, at));
  }

  OneUser schedule(Status status, long fromSeconds, long toSeconds) {
    Instant from = now.plusSeconds(fromSeconds);
    Instant to = now.plusSeconds(toSeconds);
    return ask(
        (user, at) -> Changes.scheduled(user, new ScheduleEntry(0, status, null, from, to), at));
  }

  OneUser ask(BiFunction<UserRecord, Instant, UserRecord> step) {
    statuses.ask(ID, null, (user, at) -> step.apply(user, at.now())).toCompletableFuture().join();
    return this;
  }

  Statuses statuses() {
    return statuses;
  }

  StatusTimes times() {
    return times;
  }

  /** Is called otherwise from now on. */
  OneUser on(String other) {
    node = other;
    return this;
  }

  /** Time passes, and what is due then happens in time. */
  OneUser pass(long seconds) {
    Instant until = now.plusSeconds(seconds);
    while (due != null && !due.isAfter(until)) {
      now = due;
      look();
    }
    now = until;
    return this;
  }

  /** Time passes, but nothing that is due happens. */
  OneUser sleep(long seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  /** Somebody looks what is due now. */
  OneUser look() {
    Topic user = statuses.topic(ID);
    apply(statuses.due(user));
    return this;
  }

  OneUser die(String dead) {
    apply(statuses.died(statuses.topic(ID), dead));
    return this;
  }

  OneUser back(UserRecord known, String formerNode) {
    apply(statuses.back(statuses.topic(ID), known, false, Set.of(formerNode, node)));
    return this;
  }

  /** All is lost. */
  OneUser lose() {
    record = null;
    due = null;
    return this;
  }

  private Changed apply(Change change) {
    Changed changed = change.of(record, new StatusStore.At(now, now, node));
    record = changed.after();
    due = changed.due();
    if (due != null && !due.isAfter(now)) {
      throw new IllegalStateException("due at " + due + ", it is " + now);
    }
    if (changed.update() != null) {
      told.add(new Told(now, changed.update()));
    }
    List<StatusStore.Publication> messages =
        changed.publications().stream()
            .filter(each -> each.envelope().kind() != Envelope.Kind.RELEASE)
            .toList();
    published.addAll(messages);
    toUser += (int) messages.stream().filter(each -> each.topic().channel().equals(OWN)).count();
    return changed;
  }

  @Override
  public CompletionStage<Optional<UserRecord>> change(Topic user, Change change, boolean lasting) {
    return CompletableFuture.completedStage(Optional.ofNullable(apply(change).after()));
  }

  @Override
  public CompletionStage<Read> read(List<Topic> users) {
    return CompletableFuture.completedStage(new Read(List.of(Optional.ofNullable(record)), now));
  }

  Instant now() {
    return now;
  }

  @Nullable Instant due() {
    return due;
  }

  boolean isKept() {
    return record != null;
  }

  UserRecord record() {
    if (record == null) {
      throw new IllegalStateException("nothing is kept");
    }
    return record;
  }

  EffectiveStatus status() {
    return EffectiveStatus.of(record(), now, times);
  }

  List<Told> told() {
    return told;
  }

  /** What others were told, in short: status, version and cause of each. */
  List<String> news() {
    return told.stream()
        .map(Told::update)
        .map(
            update ->
                update.now().status().text()
                    + update.now().devices().keySet()
                    + " v"
                    + update.now().version()
                    + " "
                    + update.cause().text())
        .toList();
  }

  /** How much the user was told. */
  int toUser() {
    return toUser;
  }

  /** What was published to that channel. */
  List<String> on(ChannelName channel) {
    return published.stream()
        .filter(each -> each.topic().channel().equals(channel))
        .map(each -> new String(each.envelope().message(), UTF_8))
        .toList();
  }
}
