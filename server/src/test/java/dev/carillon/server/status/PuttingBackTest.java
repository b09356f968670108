package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.status.Shown.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PuttingBackTest {
  private static final Instant T = Instant.parse("2026-01-05T10:00:00Z");
  private static final Instant NOW = T.plusSeconds(60);
  private static final StatusTimes TIMES = StatusTimes.defaults();

  /** As told when it was made. */
  private static UserRecord record(long version, Device... devices) {
    UserRecord user = UserRecord.fresh(T).withDevices(Arrays.asList(devices), T);
    return told(user, version);
  }

  private static UserRecord told(UserRecord user, long version) {
    EffectiveStatus status = EffectiveStatus.of(user, T, TIMES);
    return user.told(
        new Shown(status.others(), status.own(), Source.DEVICES, T, T, null, null, version));
  }

  private static Device device(String node, String socket) {
    return new Device(
        node, new SocketId(socket), "web", null, Set.of("presence-a"), T, false, false, null, null);
  }

  private static UserRecord back(
      @Nullable UserRecord kept, UserRecord known, boolean latest, String... lives) {
    return new PuttingBack(known, latest, Set.of(lives), "a2", NOW).into(kept);
  }

  private static List<String> there(UserRecord user) {
    return user.devices().stream()
        .filter(device -> device.goneAt() == null)
        .map(device -> device.node() + " " + device.socket())
        .sorted()
        .toList();
  }

  @Test
  void devicesComeBackUnderTheNewIdWithWhatTheyAreIn() {
    UserRecord known = record(5, device("a1", "1.1"));

    UserRecord back = back(Changes.died(known, "a1", T), known, false, "a1");

    assertThat(there(back)).containsExactly("a2 1.1");
    assertThat(back.devices().get(0).channels()).containsExactly("presence-a");
    assertThat(back.absentSince()).isNull();
    assertThat(Telling.of("u", back, user -> user, Cause.MANUAL, NOW, TIMES).others()).isNull();
  }

  @Test
  void nodesMayPutALostRecordBackInAnyOrder() {
    UserRecord older = record(5, device("a1", "1.1"));
    UserRecord later = record(6, device("a1", "1.1"), device("b1", "2.1"));

    UserRecord olderFirst =
        new PuttingBack(later, true, Set.of("b1"), "b2", NOW).into(back(null, older, true, "a1"));
    UserRecord laterFirst =
        back(new PuttingBack(later, true, Set.of("b1"), "b2", NOW).into(null), older, false, "a1");

    for (UserRecord user : List.of(olderFirst, laterFirst)) {
      assertThat(there(user)).containsExactly("a2 1.1", "b2 2.1");
      assertThat(user.devices()).hasSize(2);
      assertThat(user.shown().version()).isEqualTo(1006);
    }
  }

  @Test
  void devicesOfOtherNodesThatWereLostLinger() {
    UserRecord known = record(6, device("a1", "1.1"), device("b1", "2.1"));

    UserRecord back = back(null, known, true, "a1");

    assertThat(there(back)).containsExactly("a2 1.1");
    assertThat(back.devices()).hasSize(2);
    assertThat(EffectiveStatus.of(back, NOW, TIMES).others()).isEqualTo(known.shown().others());
  }

  @Test
  void aConnectionThatHasEndedUnseenIsGone() {
    UserRecord kept = record(6, device("a1", "1.1"), device("a1", "1.2"));
    UserRecord known = record(6, device("a1", "1.2"));

    UserRecord back = back(kept, known, false, "a1");

    assertThat(there(back)).containsExactly("a2 1.2");
    assertThat(back.devices()).hasSize(2);
  }

  @Test
  void aConnectionThatTheNodeHasSeenEndIsGoneSinceThen() {
    UserRecord kept = record(6, device("a1", "1.1"));
    UserRecord known = Changes.disconnected(kept, "a1", new SocketId("1.1"), T.plusSeconds(5));

    UserRecord back = back(kept, known, false, "a1");

    assertThat(back.absentSince()).isEqualTo(T.plusSeconds(5));
    assertThat(back(kept, known.withDevices(List.of(), T), false, "a1")).isEqualTo(back);
  }

  @Test
  void whatWasSaidOfADeviceMeanwhileStands() {
    UserRecord known = record(6, device("a1", "1.1"));
    UserRecord kept = record(7, device("a1", "1.1").saidAway());

    assertThat(back(kept, known, false, "a1").devices().get(0).away()).isTrue();
    assertThat(back(kept, known, true, "a1").devices().get(0).away()).isFalse();
  }

  @Test
  void whatWasChosenAfterTheLossStandsAndTheVersionDoesNotFall() {
    Choice before = new Choice(Status.BUSY, null, null, T);
    Choice since = new Choice(Status.DND, null, null, NOW);
    UserRecord known =
        record(318, device("a1", "1.1")).withProfile(new Profile("Ann", null)).withChoice(before);
    UserRecord fresh =
        told(UserRecord.fresh(NOW).withProfile(new Profile(null, "/a.png")).withChoice(since), 1);

    UserRecord back = back(fresh, known, false, "a1");

    assertThat(back.choice()).isEqualTo(since);
    assertThat(back.profile()).isEqualTo(new Profile("Ann", "/a.png"));
    assertThat(back.shown().version()).isEqualTo(1318);
    assertThat(there(back)).containsExactly("a2 1.1");
  }

  @Test
  void aRecordThatFellBackGivesWayToTheLater() {
    Choice former = new Choice(Status.BUSY, null, null, T);
    UserRecord kept = record(6, device("a1", "1.1")).withChoice(former);
    UserRecord known = record(7, device("a1", "1.1"));

    UserRecord back = back(kept, known, true, "a1");

    assertThat(back.choice()).isNull();
    assertThat(back.shown().version()).isEqualTo(1007);
  }

  @Test
  void aUserOfWhomNobodyHasADeviceBeginsTheGrace() {
    UserRecord back = back(null, record(6, device("b1", "2.1")), true, "a1");

    assertThat(back.absentSince()).isEqualTo(NOW);
    assertThat(EffectiveStatus.of(back, NOW.plus(TIMES.offlineAfter()), TIMES).others())
        .isEqualTo(View.OFFLINE);
    assertThat(EffectiveStatus.of(back, NOW.plus(Duration.ofSeconds(9)), TIMES).others().status())
        .isEqualTo(Status.ONLINE);
  }
}
