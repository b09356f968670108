package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.Status;
import org.junit.jupiter.api.Test;

/**
 * What is told of who is back before anybody knows that the old connection, or its node, is dead.
 */
class EarlyReturnTest {
  private final OneUser ann = OneUser.usual();

  private void comesBackOnAnotherNode() {
    ann.on("n2").connect(2, "web", "d");
    ann.statuses().subscribed(OneUser.ID, OneUser.socket(2));
    ann.pass(5).die("n1").pass(5);
  }

  @Test
  void whoWasAwayStillIs() {
    ann.connect(1, "web", "d").pass(5).say("d", Status.AWAY).pass(5);
    comesBackOnAnotherNode();
    ann.pass(40);

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "away[web] v2 manual");
    ann.statuses().active(OneUser.ID, OneUser.socket(2));
    ann.pass(3);
    assertThat(ann.news()).endsWith("online[web] v3 active");
  }

  @Test
  void whoWasIdleStillIs() {
    ann.connect(1, "web", "d").pass(50);
    comesBackOnAnotherNode();

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "idle[web] v2 idle");
    ann.pass(40);
    assertThat(ann.news()).endsWith("away[web] v3 idle");
  }

  @Test
  void whoIsNamedLaterStillIs() {
    ann.connect(1, "web", "d").pass(50).on("n2").connect(2, null, null);
    comesBackOnAnotherNode();

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "idle[web] v2 idle");
  }

  @Test
  void whoChoseToBeOfflineStillIs() {
    ann.connect(1, "web", "d").pass(5).choose(Status.OFFLINE).pass(6);
    comesBackOnAnotherNode();

    assertThat(ann.news()).containsExactly("online[web] v1 connected", "offline[] v2 manual");
  }

  @Test
  void aPageThatIsLoadedAgainEndsTheOfflineThatItSaidWhenItClosed() {
    ann.connect(1, "web", "d").pass(5).choose(Status.OFFLINE).pass(1).connect(2, "web", "d");
    ann.disconnect(1).pass(5);

    assertThat(ann.news()).endsWith("online[web] v3 connected");
  }

  @Test
  void anotherDeviceIsInUseWhenItComes() {
    ann.connect(1, "web", "d").pass(5).say("d", Status.AWAY).pass(5).connect(2, "web", "e").pass(5);

    assertThat(ann.news()).endsWith("online[web] v3 connected");
  }
}
