package dev.carillon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.ClientEventDecoder;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.http.ScheduleRequest;
import dev.carillon.protocol.http.StatusRequest;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Given;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusChoice;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.status.UserReport;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.protocol.webhook.WebhookEvent;
import dev.carillon.protocol.webhook.WebhookPayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every documented frame and body about how users are, byte for byte. */
class StatusWireTest {
  private static final Instant NOW = Instant.parse("2026-01-05T10:02:11.987Z");
  private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
  private static final Location OFFICE =
      new Location("Office", 52.5, 13.4, Instant.parse("2026-01-05T17:00:00Z"));
  private static final UserStatus ANN =
      new UserStatus(
          "42",
          new Profile("Ann", "/a/42.png"),
          Status.BUSY,
          "In a call",
          NOW,
          NOW,
          null,
          new TreeMap<>(Map.of("web", DeviceState.ACTIVE)),
          null,
          318);
  private static final UserStatus BEN =
      new UserStatus(
          "7", Profile.UNKNOWN, Status.OFFLINE, null, null, NOW, null, new TreeMap<>(), null, 2);
  private static final StatusUpdate UPDATE = new StatusUpdate(ANN, Status.ONLINE, Cause.MANUAL);
  private static final ScheduleEntry MEETING =
      new ScheduleEntry(
          0,
          Status.BUSY,
          "In a meeting",
          Instant.parse("2026-01-05T14:00:00Z"),
          Instant.parse("2026-01-05T15:00:00Z"));

  @ParameterizedTest(name = "{0}")
  @MethodSource("read")
  void isRead(String name, Object read, Object expected) {
    assertThat(read).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("written")
  void isWritten(String name, byte[] bytes) throws IOException {
    assertThat(bytes).asString(StandardCharsets.UTF_8).isEqualTo(WireFiles.text(name));
  }

  static Stream<String> names() throws IOException {
    return Stream.concat(read(), written()).map(arguments -> (String) arguments.get()[0]);
  }

  static Stream<Arguments> read() throws IOException {
    StatusRequest.Rules rules = new StatusRequest.Rules(true, false);
    StatusChoice call = new StatusChoice(Status.BUSY, "In a call", null, Duration.ofMinutes(30));
    StatusChoice away = new StatusChoice(Status.AWAY, null, null, null);
    return Stream.of(
        arguments(
            "status-set",
            new ClientEventDecoder().decode(WireFiles.bytes("status-set")),
            new ClientEvent.StatusSet(
                new StatusChoice(
                    Status.BUSY, "In a call", Instant.parse("2026-01-05T11:00:00Z"), null))),
        arguments(
            "status-activity",
            new ClientEventDecoder().decode(WireFiles.bytes("status-activity")),
            new ClientEvent.StatusActivity()),
        arguments(
            "status-request",
            StatusRequest.parse(WireFiles.bytes("status-request"), rules),
            new StatusRequest(
                call,
                null,
                List.of(ChannelName.of("presence-team.1.presence")),
                new Given<>("Ann"),
                new Given<>("/a/42.png"),
                new Given<>(OFFICE),
                new SocketId("123.456"))),
        arguments(
            "status-request-device",
            StatusRequest.parse(WireFiles.bytes("status-request-device"), rules),
            new StatusRequest(away, "laptop-1", null, null, null, null, null)),
        arguments(
            "schedule-request",
            ScheduleRequest.parse(WireFiles.bytes("schedule-request")),
            MEETING));
  }

  static Stream<Arguments> written() {
    byte[] data = UPDATE.toData();
    ScheduleEntry lunch = new ScheduleEntry(4, Status.AWAY, null, NOON, NOON.plusSeconds(1_800));
    UserReport ann = new UserReport(ANN, Status.BUSY, List.of(lunch), null);
    UserReport ben = new UserReport(BEN, null, List.of(), NOW);
    ChannelName own = ChannelName.of("private-App.Models.User.42");
    return Stream.of(
        arguments(
            "user-status-updated",
            new ServerEvent.ChannelMessage(
                    own, StatusUpdate.EVENT, RawJson.slice(data, 0, data.length))
                .toBytes()),
        arguments("watchlist-events-status", new ServerEvent.WatchlistStatus(ANN).toBytes()),
        arguments(
            "watchlist-events-missed",
            new ServerEvent.WatchlistEvents(
                    List.of(new UserId("7", false)), List.of(), List.of(ANN))
                .toBytes()),
        arguments("status-answer", ann.toBytes()),
        arguments("statuses-answer", UserReport.statuses(List.of(ann, ben))),
        arguments("schedule-answer", ann.scheduleToBytes()),
        arguments("schedule-entry-answer", lunch.toBytes()),
        arguments(
            "webhook-user-status-updated",
            WebhookPayload.of(
                Instant.ofEpochMilli(1327078148132L),
                List.of(new WebhookEvent.UserStatusUpdated(own, UPDATE).toBytes()))));
  }
}
