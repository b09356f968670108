package dev.carillon.server;

import static dev.carillon.server.support.TestClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is told that whom comes and goes. Case 67. */
class WatchlistTest {
  private static TestServer server;
  private static TestServer patient;

  @BeforeAll
  static void start() {
    server = TestServer.startWithOfflineGrace(Duration.ofMillis(1));
    patient = TestServer.startWithOfflineGrace(Duration.ofHours(1));
  }

  @AfterAll
  static void stop() {
    server.close();
    patient.close();
  }

  @Test
  void theWatcherIsToldWhoIsOnlineThenWhoComesAndGoes() {
    try (TestClient a = server.connect().signedInAs("a1");
        TestClient ann = server.connect().signedInAs("ann", "a1", "c1")) {
      assertThat(ann.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:watchlist_events\",\"data\":\"{\\\"events\\\":["
                  + "{\\\"name\\\":\\\"online\\\",\\\"user_ids\\\":[\\\"a1\\\"]},"
                  + "{\\\"name\\\":\\\"offline\\\",\\\"user_ids\\\":[\\\"c1\\\"]}]}\"}");

      try (TestClient c = server.connect().signedInAs("c1")) {
        assertThat(change(ann)).isEqualTo("online [\"c1\"]");
        c.expectSilence();
      }
      assertThat(change(ann)).isEqualTo("offline [\"c1\"]");
      ann.expectSilence();
      a.expectSilence();
    }
  }

  @Test
  void aGroupWithoutUsersIsLeftOut() {
    try (TestClient a = server.connect().signedInAs("a2");
        TestClient ann = server.connect().signedInAs("ann", "a2");
        TestClient ben = server.connect().signedInAs("ben", "c2");
        TestClient nobody = server.connect()) {
      assertThat(change(ann)).isEqualTo("online [\"a2\"]");
      assertThat(change(ben)).isEqualTo("offline [\"c2\"]");
      nobody.signinSigned("{\"id\":\"nobody\",\"watchlist\":[]}");
      nobody.expectEvent("pusher:signin_success");
      nobody.expectSilence();
      a.expectSilence();
    }
  }

  @Test
  void aSecondConnectionIsNoNews() {
    try (TestClient ann = server.connect().signedInAs("ann", "a3");
        TestClient tab = server.connect().signedInAs("a3")) {
      assertThat(change(ann)).isEqualTo("offline [\"a3\"]");
      assertThat(change(ann)).isEqualTo("online [\"a3\"]");

      try (TestClient phone = server.connect().signedInAs("a3")) {
        phone.expectSilence();
      }
      tab.expectSilence();
      ann.expectSilence();
    }
  }

  @Test
  void whoComesBackWithinTheGraceIsNoNews() {
    try (TestClient ann = patient.connect().signedInAs("ann", "a4", "b4")) {
      assertThat(change(ann)).isEqualTo("offline [\"a4\",\"b4\"]");
      TestClient page = patient.connect().signedInAs("a4");
      assertThat(change(ann)).isEqualTo("online [\"a4\"]");

      page.close();
      try (TestClient reloaded = patient.connect().signedInAs("a4");
          TestClient other = patient.connect().signedInAs("b4")) {
        assertThat(change(ann)).isEqualTo("online [\"b4\"]");
        reloaded.expectSilence();
        other.expectSilence();
      }
      try (TestClient late = patient.connect().signedInAs("late", "a4")) {
        assertThat(change(late)).isEqualTo("online [\"a4\"]");
      }
    }
  }

  @Test
  void whoWatchesOneselfIsOnline() {
    try (TestClient ann = server.connect().signedInAs("self", "self")) {
      assertThat(change(ann)).isEqualTo("online [\"self\"]");
      ann.expectSilence();
    }
  }

  @Test
  void ofALongWatchlistTheFirstHundredAreWatched() {
    String[] users = IntStream.range(0, 101).mapToObj(i -> "w" + i).toArray(String[]::new);
    try (TestClient ann = server.connect().signedInAs("ann", users)) {
      JsonNode error = ann.expectError();
      assertThat(error.path("code").asInt()).isEqualTo(4302);
      assertThat(error.path("message").asText())
          .isEqualTo("The watchlist is too long: its first 100 users are watched, allowed are 100");
      JsonNode offline = events(ann).get(0);
      assertThat(offline.path("user_ids")).hasSize(100);

      try (TestClient beyond = server.connect().signedInAs("w100");
          TestClient last = server.connect().signedInAs("w99")) {
        assertThat(change(ann)).isEqualTo("online [\"w99\"]");
        beyond.expectSilence();
        last.expectSilence();
      }
    }
  }

  @Test
  void signingInAgainChangesTheWatchlist() {
    try (TestClient ann = server.connect().signedInAs("ann", "a5")) {
      assertThat(change(ann)).isEqualTo("offline [\"a5\"]");
      ann.signedInAs("ann", "b5");
      assertThat(change(ann)).isEqualTo("offline [\"b5\"]");

      try (TestClient a = server.connect().signedInAs("a5");
          TestClient b = server.connect().signedInAs("b5")) {
        assertThat(change(ann)).isEqualTo("online [\"b5\"]");
        ann.expectSilence();
        a.expectSilence();
        b.expectSilence();
      }
    }
  }

  @Test
  void aTerminatedUserGoesOffline() {
    try (TestClient ann = server.connect().signedInAs("ann", "a6");
        TestClient a = server.connect().signedInAs("a6")) {
      assertThat(change(ann)).isEqualTo("offline [\"a6\"]");
      assertThat(change(ann)).isEqualTo("online [\"a6\"]");

      server.api().post("/users/a6/terminate_connections", "{}");

      assertThat(a.closeCode()).isEqualTo(4009);
      assertThat(change(ann)).isEqualTo("offline [\"a6\"]");
    }
  }

  @Test
  void anotherAppsUserIsAnother() {
    try (TestServer two =
            TestServer.start(
                TestServer.config(),
                TestServer.app().build(),
                TestServer.app().id("4").key("other").secret("other").build());
        TestClient ann = two.connect().signedInAs("ann", "a");
        TestClient other = two.open("/app/other").established()) {
      assertThat(change(ann)).isEqualTo("offline [\"a\"]");
      String userData = "{\"id\":\"a\"}";
      other.signin(
          UserAuth.sign(new Credentials("other", "other"), other.socketId(), userData), userData);
      other.expectEvent("pusher:signin_success");

      ann.expectSilence();
    }
  }

  /** Told once, whether the change is in the first frame or comes after it. */
  @Test
  void betweenTheFirstFrameAndTheChangesThereIsNoGapAndNoRepetition() {
    for (int round = 0; round < 200; round++) {
      String user = "race-" + round;
      try (TestClient ann = server.connect();
          TestClient a = server.connect()) {
        CompletableFuture<Void> signedIn = CompletableFuture.runAsync(() -> a.signedInAs(user));
        ann.signedInAs("ann", user);
        signedIn.join();

        List<String> told = new ArrayList<>();
        told.add(change(ann));
        if (told.get(0).startsWith("offline")) {
          told.add(change(ann));
        }
        assertThat(told.get(told.size() - 1)).isEqualTo("online [\"" + user + "\"]");
        ann.expectSilence();
      }
    }
  }

  /** The only event of the next frame, in short. */
  private static String change(TestClient client) {
    JsonNode events = events(client);
    assertThat(events).hasSize(1);
    return events.get(0).path("name").asText() + " " + events.get(0).path("user_ids");
  }

  private static JsonNode events(TestClient client) {
    JsonNode frame = client.expectEvent("pusher_internal:watchlist_events");
    assertThat(frame.has("channel")).isFalse();
    return json(frame.path("data").asText()).path("events");
  }
}
