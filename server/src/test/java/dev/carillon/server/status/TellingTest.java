package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is told of a user, when, and why. */
class TellingTest {
  private final OneUser ann = OneUser.usual();

  private static Location at(String place, Instant end) {
    return new Location(place, null, null, end);
  }

  @Test
  void aChangeThatUndoesItselfIsToldToNobody() {
    ann.connect(1, "web", null).pass(5);
    ann.connect(2, "mobile", "m").pass(1).say("m", Status.OFFLINE).pass(10);

    assertThat(ann.news()).containsExactly("online[web] v1 connected");
    assertThat(ann.record().pending()).isNull();
  }

  /** As with a sign-in that says nothing of the device, and then a member list that does. */
  @Test
  void whoIsKnownBetterWhileTheComingWaitsHasStillConnected() {
    ann.connect(1, null, null).pass(1);
    ann.statuses()
        .joined(
            OneUser.ID,
            OneUser.socket(1),
            new UserDetails(Profile.UNKNOWN, "web", "d"),
            OneUser.TEAM,
            true);
    ann.pass(10);

    assertThat(ann.news()).containsExactly("online[web] v1 connected");
  }

  @Test
  void whatIsChosenWhileSomethingWaitsIsToldWithItAtOnce() {
    ann.connect(1, "web", null).pass(1).choose(Status.BUSY).pass(10);

    assertThat(ann.news()).containsExactly("busy[web] v1 manual");
    assertThat(ann.told().get(0).at()).isEqualTo(OneUser.START.plusSeconds(1));
  }

  @Test
  void whatIsAskedForAndNotSeenTellsNothingEarlier() {
    ann.connect(1, "web", null).pass(1).schedule(Status.BUSY, 500, 600);

    assertThat(ann.news()).isEmpty();
    ann.pass(1);
    assertThat(ann.news()).containsExactly("online[web] v1 connected");
    assertThat(ann.told().get(0).at()).isEqualTo(OneUser.START.plusSeconds(2));
  }

  @Test
  void whatChangesWhileSomethingWaitsWaitsNoLonger() {
    ann.connect(1, "web", null).pass(1).connect(2, "mobile", null).pass(1);

    assertThat(ann.news()).containsExactly("online[mobile, web] v1 connected");
  }

  @Test
  void aDeviceThatIsIdleInAMeetingIsIdle() {
    ann.connect(1, "web", null).pass(5).schedule(Status.BUSY, 10, 500).pass(50);

    assertThat(ann.news())
        .containsExactly("online[web] v1 connected", "busy[web] v2 schedule", "busy[web] v3 idle");
  }

  @Test
  void aLocationThatEndsInAMeetingHasExpired() {
    ann.connect(1, "web", null).pass(5).schedule(Status.BUSY, 5, 500);
    ann.ask((user, now) -> user.withLocation(at("Oslo", now.plusSeconds(15)))).pass(25);

    assertThat(ann.news())
        .containsExactly(
            "online[web] v1 connected",
            "online[web] v2 manual",
            "busy[web] v3 schedule",
            "busy[web] v4 expired");
    assertThat(ann.record().location()).isNull();
  }

  @Test
  void aChoiceThatEndsInAMeetingGivesWayToIt() {
    ann.connect(1, "web", null).pass(5).schedule(Status.BUSY, 5, 500);
    ann.choose(Status.DND, "Ssh", Duration.ofSeconds(20)).pass(25);

    assertThat(ann.news())
        .containsExactly("online[web] v1 connected", "dnd[web] v2 manual", "busy[web] v3 expired");
  }

  @Test
  void aMeetingThatEndsWhileAnotherRunsGivesWayToIt() {
    ann.connect(1, "web", null).pass(5);
    ann.schedule(Status.BUSY, 1, 30).schedule(Status.DND, 10, 20).pass(33);

    assertThat(ann.news())
        .containsExactly(
            "online[web] v1 connected",
            "busy[web] v2 schedule",
            "dnd[web] v3 schedule",
            "busy[web] v4 schedule",
            "online[web] v5 schedule");
  }

  @Test
  void ofTwoMeetingsThatStartTogetherTheLaterIdWins() {
    ann.connect(1, "web", null).pass(5);
    ann.schedule(Status.BUSY, 1, 30).schedule(Status.DND, 1, 20).pass(5);

    assertThat(ann.news()).endsWith("dnd[web] v2 schedule");
  }

  @Test
  void onlyTheUserIsToldWhatOthersMayNotSee() {
    ann.connect(1, "web", null)
        .pass(5)
        .choose(Status.INVISIBLE)
        .choose(Status.INVISIBLE, "x", null);

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "offline[] v2 manual");
    assertThat(ann.on(OneUser.OWN)).hasSize(3);
    assertThat(ann.on(OneUser.OWN).get(1)).contains("\\\"status\\\":\\\"invisible\\\"");
    assertThat(ann.on(OneUser.OWN).get(2)).contains("\\\"version\\\":2");
  }

  @Test
  void whoHidesIsNotSeenToBeActive() {
    ann.connect(1, "web", null).pass(5).choose(Status.INVISIBLE);
    Instant hidden = ann.now();
    ann.pass(20);
    ann.statuses().active(OneUser.ID, OneUser.socket(1));
    ann.pass(20).disconnect(1).pass(200);

    assertThat(Telling.others("7", ann.record()).lastActive()).isEqualTo(hidden);
    assertThat(Telling.others("7", ann.record()).since()).isEqualTo(hidden);
    assertThat(ann.record().shown().lastSeen()).isEqualTo(hidden);
    assertThat(ann.news()).hasSize(2);
  }

  @Test
  void whoHasGoneWasSeenUntilThen() {
    ann.connect(1, "web", null).pass(20).disconnect(1).pass(200);

    assertThat(ann.record().shown().lastSeen()).isEqualTo(OneUser.START.plusSeconds(20));
  }

  @Test
  void whoIsSilentForLongerThanTheRetentionIsToldToGo() {
    ann.connect(1, "web", null).pass(5_000).disconnect(1).pass(103);

    assertThat(ann.news()).endsWith("offline[] v4 disconnected");
    assertThat(ann.isKept()).isTrue();
    ann.pass(1_000);
    assertThat(ann.isKept()).isFalse();
  }

  @Test
  void whoNeverHadADeviceIsForgottenInTime() {
    ann.choose(Status.BUSY).pass(999);

    assertThat(ann.isKept()).isTrue();
    assertThat(ann.news()).isEmpty();
    ann.pass(1);
    assertThat(ann.isKept()).isFalse();
  }

  @Test
  void whoHasAMeetingYetIsKeptForIt() {
    ann.schedule(Status.BUSY, 5_000, 6_000).pass(5_999);

    assertThat(ann.isKept()).isTrue();
    ann.pass(1);
    assertThat(ann.isKept()).isFalse();
  }

  @Test
  void theMessageOfAnAutomaticStatusIsKept() {
    ann.connect(1, "web", null).pass(5).choose(null, "Hi", Duration.ofSeconds(10)).pass(15);

    assertThat(ann.news())
        .containsExactly(
            "online[web] v1 connected", "online[web] v2 manual", "online[web] v3 expired");
    assertThat(ann.record().choice()).isNull();
  }

  @Test
  void offlineHoldsUntilTheNextNewDevice() {
    ann.connect(1, "web", "d").pass(5).choose(Status.OFFLINE).pass(1).disconnect(1).pass(10);
    assertThat(ann.news()).endsWith("offline[] v2 manual");

    ann.connect(2, "web", "d").pass(5);
    assertThat(ann.news()).endsWith("online[web] v3 connected");
  }

  @Test
  void offlineHoldsWhenTheConnectionIsCutLater() {
    ann.connect(1, "web", "d").pass(5).choose(Status.OFFLINE).pass(10).disconnect(1).pass(10);
    ann.connect(2, "web", "d").pass(5);

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "offline[] v2 manual");
  }

  @Test
  void activityAloneIsNoNews() {
    ann.connect(1, "web", null).pass(5);
    ann.statuses().active(OneUser.ID, OneUser.socket(1));
    ann.pass(5);
    ann.statuses().active(OneUser.ID, (String) null);
    ann.pass(5);

    assertThat(ann.news()).hasSize(1);
    assertThat(ann.record().lastActive()).isEqualTo(OneUser.START.plusSeconds(10));
  }
}
