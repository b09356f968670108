package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a user's status when devices come, are used, and go. */
class DevicesTest {
  private final OneUser ann = OneUser.usual();

  private static void subscribe(OneUser user, int socket) {
    user.statuses().subscribed(OneUser.ID, OneUser.socket(socket));
  }

  private static void act(OneUser user, int socket) {
    user.statuses().active(OneUser.ID, OneUser.socket(socket));
  }

  @Test
  void whoConnectsAndSubscribesHasConnected() {
    ann.connect(1, "web", null);
    subscribe(ann, 1);
    ann.pass(5);

    assertThat(ann.news()).containsExactly("online[web] v1 connected");
  }

  @Test
  void theLastDeviceThatIsSaidToBeGoneStandsForTheGrace() {
    ann.connect(1, "web", "d").pass(5).say("d", Status.OFFLINE).pass(50);

    assertThat(ann.status().others().status()).isEqualTo(Status.ONLINE);
    assertThat(ann.status().others().devices()).containsEntry("web", DeviceState.ACTIVE);
    ann.disconnect(1).pass(49);
    assertThat(ann.status().others().devices()).containsEntry("web", DeviceState.ACTIVE);
    ann.pass(5);
    assertThat(ann.news()).containsExactly("online[web] v1 connected", "offline[] v2 disconnected");
    assertThat(ann.told().get(1).at()).isEqualTo(OneUser.START.plusSeconds(5 + 100 + 2));
  }

  @Test
  void aDeviceThatIsSaidToBeGoneBesideOthersGoesAtOnceAndForGood() {
    ann.connect(1, "web", "d").connect(2, "mobile", "m").pass(5).say("d", Status.OFFLINE);

    assertThat(ann.news())
        .containsExactly("online[mobile, web] v1 connected", "online[mobile] v2 manual");
    ann.disconnect(1).pass(20);
    assertThat(ann.news()).hasSize(2);
    ann.disconnect(2).pass(50);
    assertThat(ann.status().others().devices()).containsOnlyKeys("mobile");
  }

  /** A page that closes: its beacon comes after its connection has closed. */
  @Test
  void aDeviceThatIsSaidToBeGoneAfterItsConnectionClosedGoesAtOnce() {
    ann.connect(1, "web", "d").connect(2, "mobile", "m").pass(5);
    ann.disconnect(1).say("d", Status.OFFLINE);

    assertThat(ann.news())
        .containsExactly("online[mobile, web] v1 connected", "online[mobile] v2 manual");
    ann.disconnect(2).pass(50);
    assertThat(ann.status().others().devices()).containsOnlyKeys("mobile");
  }

  @Test
  void theLastDeviceThatIsSaidToBeGoneAfterItsConnectionClosedStandsForTheGrace() {
    ann.connect(1, "web", "d").pass(5).disconnect(1).say("d", Status.OFFLINE).pass(99);

    assertThat(ann.status().others().devices()).containsEntry("web", DeviceState.ACTIVE);
    ann.pass(4);
    assertThat(ann.news()).containsExactly("online[web] v1 connected", "offline[] v2 disconnected");
    assertThat(ann.told().get(1).at()).isEqualTo(OneUser.START.plusSeconds(5 + 100 + 2));
  }

  @Test
  void oneThatLingersWhenTheLastGoesIsNotSeenInTheGraceIfItWasSaidToBeGone() {
    ann.connect(1, "web", "d").connect(2, "mobile", "m").pass(5);
    ann.disconnect(1).pass(5).disconnect(2).pass(5).say("d", Status.OFFLINE);

    assertThat(ann.news()).endsWith("online[mobile] v2 manual");
    assertThat(ann.status().others().devices()).containsOnlyKeys("mobile");
  }

  @Test
  void ofThoseThatWentWithTheirNodeTheOneThatIsSaidToBeGoneIsNotSeen() {
    ann.connect(1, "web", "d").connect(2, "mobile", "m").pass(5).die("n1").pass(5);
    ann.say("d", Status.OFFLINE);

    assertThat(ann.status().others().devices()).containsOnlyKeys("mobile");
    ann.say("m", Status.OFFLINE).pass(50);
    assertThat(ann.status().others().devices()).containsOnlyKeys("mobile");
  }

  /** The same end state, whichever of the two comes first. */
  @ParameterizedTest
  @CsvSource({"false, 1", "true, 1", "false, 2", "true, 2"})
  void closingAndSayingSoLeaveTheSameInEitherOrder(boolean beaconFirst, int devices) {
    ann.connect(1, "web", "d").pass(5);
    if (devices == 2) {
      ann.connect(2, "mobile", "m").pass(5);
    }
    if (beaconFirst) {
      ann.say("d", Status.OFFLINE).disconnect(1);
    } else {
      ann.disconnect(1).say("d", Status.OFFLINE);
    }

    assertThat(ann.record().devices().stream().map(device -> device.kind() + device.connected()))
        .containsExactly(devices == 2 ? "mobiletrue" : "webfalse");
    assertThat(ann.record().present()).isEqualTo(devices == 2);
    ann.connect(3, "web", "d").pass(5);
    subscribe(ann, 3);
    assertThat(ann.news()).hasSize(devices == 2 ? 4 : 1);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONLINE", "AWAY"})
  void whatElseIsSaidOfADeviceThatIsGoneChangesNothing(Status status) {
    ann.connect(1, "web", "d").connect(2, "mobile", "m").pass(5).disconnect(1);
    UserRecord before = ann.record();

    assertThat(ann.say("d", status).record()).isEqualTo(before);
  }

  @Test
  void aDeviceThatWasSaidToBeGoneIsBackWhenItIsUsed() {
    ann.connect(1, "web", "d").pass(5).say("d", Status.OFFLINE).pass(50);
    act(ann, 1);
    ann.pass(80);

    assertThat(ann.record().present()).isTrue();
    assertThat(ann.news()).containsExactly("online[web] v1 connected", "idle[web] v2 idle");
  }

  @Test
  void whatTheUserChoosesBringsBackNoDeviceThatWasSaidToBeGone() {
    ann.connect(1, "web", "d").pass(5).say("d", Status.OFFLINE).pass(10).choose(Status.BUSY);

    assertThat(ann.record().present()).isFalse();
    ann.pass(200);
    assertThat(ann.status().others().status()).isEqualTo(Status.OFFLINE);
  }

  @Test
  void aConnectionThatWasSaidToBeGoneAndEndsWithoutGraceTellsOffline() {
    OneUser user = new OneUser(OneUser.seconds(0, 40, 90, 2, 1_000));
    user.connect(1, "web", "d").pass(5).say("d", Status.OFFLINE);

    assertThat(user.news()).containsExactly("online[web] v1 connected", "offline[] v2 manual");
  }

  @Test
  void aConnectionThatIsNobodysForAWhileIsADeviceAgain() {
    ann.connect(1, "web", null).pass(5).disconnect(1).pass(50).connect(1, "web", null).pass(200);

    assertThat(ann.record().present()).isTrue();
    assertThat(ann.news())
        .containsExactly("online[web] v1 connected", "idle[web] v2 connected", "away[web] v3 idle");
  }

  @Test
  void aDeviceIsNamedByWhoeverKnowsIts() {
    ann.connect(1, null, null).connect(1, "web", "d").pass(5);

    assertThat(ann.record().devices()).singleElement().extracting(Device::id).isEqualTo("d");
    assertThat(ann.news()).containsExactly("online[web] v1 connected");
  }

  @Test
  void aDeviceThatIsNamedLaterIsStillTheOneThatWasCut() {
    ann.connect(1, null, null).connect(1, "web", "d").pass(50).disconnect(1).pass(5);
    ann.connect(2, null, null).connect(2, "web", "d");
    subscribe(ann, 2);
    ann.pass(30);

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "idle[web] v2 idle");
  }

  @Test
  void twoTabsThatCloseOneAfterAnotherAreNoNewsUntilTheGraceIsOver() {
    ann.connect(1, "web", null).connect(2, "web", null).pass(5);
    ann.disconnect(1).pass(10).disconnect(2).pass(99);

    assertThat(ann.news()).containsExactly("online[web] v1 connected");
    ann.pass(4);
    assertThat(ann.news()).hasSize(2);
    assertThat(ann.told().get(1).at()).isEqualTo(OneUser.START.plusSeconds(15 + 100 + 2));
  }

  @Test
  void aDeviceBesideOthersLingersAndGoes() {
    ann.connect(1, "web", null).connect(2, "mobile", null).pass(5).disconnect(1).pass(29);

    assertThat(ann.status().others().devices()).containsOnlyKeys("mobile", "web");
    ann.pass(5);
    assertThat(ann.news())
        .containsExactly("online[mobile, web] v1 connected", "online[mobile] v2 disconnected");
  }

  @Test
  void whoComesBackAfterTheGraceButBeforeSomebodyLooksIsNew() {
    ann.connect(1, "web", "d").pass(50).disconnect(1).sleep(150).connect(2, "web", "d");

    assertThat(ann.status().others().devices()).containsEntry("web", DeviceState.ACTIVE);
  }

  @Test
  void aConnectionThatIsNotSeenToBeDeadYetIsNotTakenOver() {
    ann.connect(1, "web", "d").pass(5).connect(2, "web", "d").pass(5).disconnect(1).pass(20);

    assertThat(ann.record().present()).isTrue();
    assertThat(ann.news()).containsExactly("online[web] v1 connected");
    ann.pass(11);
    assertThat(ann.record().devices()).hasSize(1);
    assertThat(ann.news()).hasSize(1);
  }

  @Test
  void aReconnectIsNoNewsAlsoOfWhoIsAway() {
    ann.connect(1, "web", "d").pass(5).say("d", Status.AWAY).pass(5).disconnect(1).pass(50);
    ann.connect(2, "web", "d");
    subscribe(ann, 2);
    ann.pass(30);

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "away[web] v2 manual");
    act(ann, 2);
    ann.pass(3);
    assertThat(ann.news()).endsWith("online[web] v3 active");
  }

  @Test
  void activityOfAConnectionThatHasEndedChangesNothing() {
    ann.connect(1, "web", "d").pass(50).disconnect(1);
    act(ann, 1);
    ann.pass(20);

    assertThat(ann.status().others().status()).isEqualTo(Status.IDLE);
  }

  @Test
  void theDevicesOfADeadNodeHaveTheGrace() {
    ann.connect(1, "web", "d").pass(5).on("n2").connect(2, "mobile", "m").pass(5).die("n1");
    ann.pass(33);

    assertThat(ann.news())
        .containsExactly(
            "online[web] v1 connected",
            "online[mobile, web] v2 connected",
            "online[mobile] v3 disconnected");
  }

  @Test
  void whoIsBackAfterAllWasLostIsNoNews() {
    ann.connect(1, "web", "d").pass(5);
    UserRecord known = ann.record();
    ann.lose().on("n1'").back(known, "n1").pass(10);

    assertThat(ann.news()).containsExactly("online[web] v1 connected");
    assertThat(ann.record().shown().version()).isEqualTo(1001);
    assertThat(ann.record().devices()).singleElement().extracting(Device::node).isEqualTo("n1'");
  }
}
