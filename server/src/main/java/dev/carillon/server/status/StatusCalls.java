package dev.carillon.server.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.http.StatusRequest;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusChoice;
import dev.carillon.protocol.status.UserReport;
import dev.carillon.server.status.StatusStore.At;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an app asks for of its users, and a client of its own: each completes when it is done, or
 * exceptionally, with a {@link ProtocolException} for what cannot be done.
 *
 * <p>Thread-safe.
 */
public record StatusCalls(Statuses statuses) {
  /** The app says how a user shall be seen. */
  public CompletionStage<UserReport> set(UserId user, StatusRequest request) {
    return statuses
        .ask(user, request.socketId(), (record, at) -> said(record, request, at.now()))
        .thenApply(record -> report(user, record));
  }

  private static UserRecord said(UserRecord record, StatusRequest request, Instant now) {
    UserRecord user = record.withProfile(request.profile(record.profile()));
    if (request.channels() != null) {
      user = user.withAudience(request.channels());
    }
    if (request.location() != null) {
      user = user.withLocation(lasting(request.location().value(), now));
    }
    StatusChoice choice = request.choice();
    return request.deviceId() == null
        ? Changes.chosen(user, choice(choice, now), now)
        : Changes.said(user, request.deviceId(), Objects.requireNonNull(choice.status()), now);
  }

  private static @Nullable Location lasting(@Nullable Location location, Instant now) {
    if (location != null) {
      StatusChoice.future("location.expires_at", location.expiresAt(), now);
    }
    return location;
  }

  private static Choice choice(StatusChoice choice, Instant now) {
    return new Choice(choice.status(), choice.customMessage(), choice.end(now), now);
  }

  /** A client says how its user shall be seen. */
  public CompletionStage<UserRecord> set(UserId user, SocketId by, StatusChoice choice) {
    return statuses.ask(user, null, (record, at) -> said(record, by, choice, at));
  }

  private static UserRecord said(UserRecord record, SocketId by, StatusChoice choice, At at) {
    UserRecord active = Changes.active(record, at.node(), by, at.now());
    return Changes.chosen(active, choice(choice, at.now()), at.now());
  }

  /** Puts an entry into the schedule of a user; completes with it and its id. */
  public CompletionStage<ScheduleEntry> schedule(UserId user, ScheduleEntry entry) {
    return statuses
        .ask(
            user,
            null,
            (record, at) -> {
              StatusChoice.future("ends_at", entry.endsAt(), at.now());
              return Changes.scheduled(record, entry, at.now());
            })
        .thenApply(record -> newest(record));
  }

  private static ScheduleEntry newest(UserRecord record) {
    return record.schedule().stream()
        .filter(entry -> entry.id() == record.lastEntry())
        .findFirst()
        .orElseThrow();
  }

  /** Takes an entry out of the schedule of a user; fails if there is none of that id. */
  public CompletionStage<UserRecord> cancel(UserId user, long entry) {
    return statuses.ask(
        user,
        null,
        (record, at) -> {
          if (record.schedule().stream()
              .noneMatch(each -> each.id() == entry && at.now().isBefore(each.endsAt()))) {
            throw ProtocolException.notFound("No schedule entry " + entry + " of this user");
          }
          return Changes.cancelled(record, entry);
        });
  }

  /** Something was done by a user, as the app says. */
  public CompletionStage<Void> active(UserId user, @Nullable String deviceId) {
    return statuses.active(user, deviceId);
  }

  /** A client did something by itself, as the app says: that wakes no device. */
  public CompletionStage<Void> activeInBackground(UserId user) {
    return statuses.activeInBackground(user);
  }

  /** How those users are who were ever seen, in their order; one read. */
  public CompletionStage<List<UserReport>> reports(List<UserId> users) {
    return statuses
        .read(users)
        .thenApply(
            read -> {
              List<UserReport> reports = new ArrayList<>();
              for (int i = 0; i < users.size(); i++) {
                UserId user = users.get(i);
                Optional<UserRecord> record = read.records().get(i);
                record
                    .map(kept -> Changes.pruned(kept, read.now(), statuses.times()))
                    .ifPresent(kept -> reports.add(report(user, kept)));
              }
              return reports;
            });
  }

  private static UserReport report(UserId user, UserRecord record) {
    Shown shown = record.shown();
    boolean seen = shown.others().status() != Status.OFFLINE;
    return new UserReport(
        Telling.others(user.value(), record),
        record.choice() == null ? null : record.choice().status(),
        record.schedule(),
        seen ? null : shown.lastSeen());
  }
}
