package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.auth.RecordingServer.Reply;
import dev.carillon.auth.TestBrowser.Answer;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users see when the Carillon server refuses, fails or is away. */
class ServerAwayTest {
  private static final String STATUS = "/api/presence/status";
  private static final String ON_SERVER = "POST /apps/app-id/users/1/status";
  private static final Map<String, String> BUSY = Map.of("status", "busy");

  @AutoClose private final RecordingServer server = new RecordingServer();
  @AutoClose private final TestSite site = TestSite.start(server.url());
  private final TestBrowser ann = site.signedIn("ann");

  @Test
  void whatTheServerRefusesIsA422ThatNamesTheField() {
    server.answers(ON_SERVER, 400, "Invalid expires_at: got 'x', allowed are times to come\n");

    Answer answer = ann.postJson(STATUS, BUSY);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").path("expires_at").path(0).textValue())
        .isEqualTo("Invalid expires_at: got 'x', allowed are times to come");
  }

  @Test
  void aServerThatIsNotReadyIsAskedAgainALittleLater() {
    AtomicInteger asked = new AtomicInteger();
    server.answers(
        ON_SERVER,
        call -> new Reply(asked.incrementAndGet() < 3 ? 503 : 200, "{\"status\":\"busy\"}"));

    assertThat(ann.postJson(STATUS, BUSY).status()).isEqualTo(200);
    assertThat(asked.get()).isEqualTo(3);
  }

  @Test
  void aServerThatStaysAwayIsA503() {
    AtomicInteger asked = new AtomicInteger();
    server.answers(
        ON_SERVER,
        call -> {
          asked.incrementAndGet();
          return new Reply(503, "");
        });

    Answer answer = ann.postJson(STATUS, BUSY);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.message()).isEqualTo("The Carillon server cannot be reached at the moment.");
    assertThat(answer.header("retry-after")).isNotEmpty();
    assertThat(asked.get()).isEqualTo(3);
  }

  @Test
  void whatMayHaveBeenDoneIsNotAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    server.answers(
        ON_SERVER,
        call -> {
          asked.incrementAndGet();
          return new Reply(500, "stack trace");
        });

    Answer answer = ann.postJson(STATUS, BUSY);

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).doesNotContain("stack trace");
    assertThat(asked.get()).isEqualTo(1);
  }

  @Test
  void answersOfAnotherFormAreA502() {
    for (String body : new String[] {"<html>", "", "[]", "{\"statuses\":5}"}) {
      server.answers(ON_SERVER, 200, body.startsWith("{") ? "5" : body);
      server.answers("GET /apps/app-id/statuses", 200, body);

      assertThat(ann.postJson(STATUS, BUSY).status()).as(body).isEqualTo(502);
      assertThat(ann.get("/api/teams/1/online").status()).as(body).isEqualTo(502);
    }
  }

  @Test
  void aSilentServerCostsOneAnswersTimeAndHoldsUpNobodyElse() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    server.answers(
        ON_SERVER,
        call -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Reply(200, "{}");
        });
    Thread waiting =
        new Thread(() -> assertThat(ann.postJson(STATUS, BUSY).status()).isEqualTo(503));
    waiting.start();
    server.next();

    assertThat(site.signedIn("ben").get("/api/me").status()).isEqualTo(200);

    waiting.join(20_000);
    assertThat(waiting.isAlive()).isFalse();
    end.countDown();
  }

  @Test
  void activityIsToldOnceInAWhileAndDelaysNoAnswer() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    server.answers(
        "POST /apps/app-id/users/1/activity",
        call -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Reply(200, "{}");
        });

    for (int i = 0; i < 5; i++) {
      assertThat(ann.get("/api/me").status()).isEqualTo(200);
    }

    assertThat(server.nextActivity()).hasToString("POST /apps/app-id/users/1/activity");
    site.signedIn("ben").postAsPusher("/broadcasting/user-auth", Map.of("socket_id", "1.2"));
    assertThat(server.nextActivity()).hasToString("POST /apps/app-id/users/2/activity");
    assertThat(server.activitiesWaiting()).isZero();
    end.countDown();
  }

  /** As when it reconnects, which is to wake no device. */
  @ParameterizedTest
  @CsvSource({
    "POST, /broadcasting/auth",
    "POST, /broadcasting/user-auth",
    "GET, /api/me",
    "GET, /api/teams",
    "GET, /api/teams/1/members",
    "GET, /api/presence/status",
  })
  void whatAPageAsksForByItselfIsActivityInTheBackground(String method, String path) {
    Map<String, String> form =
        Map.of("socket_id", "1.2", "channel_name", "private-App.Models.User.1");
    if (method.equals("GET")) {
      ann.get(path);
    } else {
      ann.postAsPusher(path, form);
    }

    assertThat(server.nextActivity().body().toString()).isEqualTo("{\"background\":true}");
    ann.postJson("/api/presence/schedule", Map.of());
    assertThat(server.nextActivity().body().toString()).isEqualTo("{}");
    ann.get("/api/me");
    assertThat(server.activitiesWaiting()).isZero();
  }

  @Test
  void aStatusCallSaysItselfWhetherADeviceIsInUse() {
    ann.postJson(STATUS, Map.of("status", "away", "device_id", "d1"));

    assertThat(server.nextActivity().body().toString()).isEqualTo("{\"background\":true}");
    assertThat(server.activitiesWaiting()).isZero();
  }

  @Test
  void toPlanAndToTellAPlaceIsActivity() {
    ann.postJson("/api/presence/location", Map.of("label", "Berlin"));
    site.signedIn("ben").postJson("/api/presence/schedule/7/cancel", Map.of());

    assertThat(server.nextActivity().path()).contains("/users/1/");
    assertThat(server.nextActivity().path()).contains("/users/2/");
  }

  @Test
  void aUserWhoIsNotSignedInIsNotActive() {
    site.browser().get("/api/me");
    ann.get("/api/me");

    assertThat(server.nextActivity().path()).contains("/users/1/");
    assertThat(server.activitiesWaiting()).isZero();
  }
}
