package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Closing a user's connections. Case 68. */
class TerminateTest {
  private static final String PYTHON = "/users/u1/terminate_connections";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyConnectionOfTheSignedInUserIsClosedWithoutAnError() {
    try (TestClient tab = server.connect().signedInAs("u1");
        TestClient phone = server.connect().signedInAs("u1").join("news");
        TestClient ben = server.connect().signedInAs("u2");
        TestClient nobody = server.connect().join("news")) {
      accepted(terminate("u1"));

      assertThat(tab.closeCode()).isEqualTo(4009);
      assertThat(phone.closeCode()).isEqualTo(4009);
      ben.expectSilence();
      nobody.expectSilence();
    }
  }

  @Test
  void membersOfAnyPresenceChannelAreClosedToo() {
    try (TestClient first = server.connect();
        TestClient second = server.connect();
        TestClient signedInAsOther = server.connect().signedInAs("u2");
        TestClient other = server.connect()) {
      first.join("news").join("private-a");
      first.joinAs("presence-a", "{\"user_id\":\"x\"}");
      first.joinAs("presence-b", "{\"user_id\":\"77\"}");
      second.joinAs("presence-c", "{\"user_id\":77}");
      signedInAsOther.joinAs("presence-d", "{\"user_id\":\"77\"}");
      other.joinAs("presence-e", "{\"user_id\":\"78\"}");

      accepted(terminate("77"));

      assertThat(first.closeCode()).isEqualTo(4009);
      assertThat(second.closeCode()).isEqualTo(4009);
      assertThat(signedInAsOther.closeCode()).isEqualTo(4009);
      other.expectSilence();
    }
  }

  @Test
  void whoHasLeftThePresenceChannelIsNotTheUserAnyMore() {
    try (TestClient ann = server.connect()) {
      ann.joinAs("presence-a", "{\"user_id\":\"u1\"}");
      ann.unsubscribe("presence-a").expectSilence();

      accepted(terminate("u1"));

      ann.expectSilence();
    }
  }

  @Test
  void theOthersSeeTheMemberGo() {
    try (TestClient ann = server.connect();
        TestClient ben = server.connect()) {
      ben.joinAs("presence-g", "{\"user_id\":\"ben\"}");
      ann.joinAs("presence-g", "{\"user_id\":\"u1\"}");
      ben.expectEvent("pusher_internal:member_added");

      accepted(terminate("u1"));

      assertThat(ann.closeCode()).isEqualTo(4009);
      ben.expectEvent("pusher_internal:member_removed");
    }
  }

  @Test
  void aUserNobodyKnowsIsNoMistake() {
    accepted(terminate("nobody"));
    accepted(server.api().post("/users/nobody/terminate_connections", ""));
  }

  @Test
  void connectionsThatComeMeanwhileAreClosedOrStayAndNothingIsLeftOfThem() {
    try (TestServer own = TestServer.start()) {
      for (int round = 0; round < 50; round++) {
        TestApi api = own.api();
        CompletableFuture<Void> terminated =
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 5; i++) {
                    accepted(api.post("/users/u1/terminate_connections", "{}"));
                  }
                });
        try (TestClient ann = own.connect();
            TestClient member = own.connect()) {
          ann.signinSigned("{\"id\":\"u1\",\"watchlist\":[\"u1\",\"u2\"]}");
          member.subscribeSigned("presence-a", "{\"user_id\":\"u1\"}");
          terminated.join();
        }
      }
      for (String gauge : List.of("user_topics", "signed_in_connections", "connections")) {
        Await.until(
            gauge + " forgotten",
            () -> own.metrics().contains("carillon_" + gauge + "{app=\"3\"} 0.0"));
      }
    }
  }

  @Test
  void theIdMayHaveAnyCharacters() {
    try (TestClient ann = server.connect()) {
      ann.joinAs("presence-a", "{\"user_id\":\"a b/\u00fc#%\"}");

      accepted(terminate("a%20b%2F%C3%BC%23%25"));

      assertThat(ann.closeCode()).isEqualTo(4009);
    }
  }

  @Test
  void theIdHasALimit() {
    assertThat(terminate("u".repeat(128)).statusCode()).isEqualTo(200);
    HttpResponse<String> tooLong = terminate("u".repeat(129));
    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(tooLong.body())
        .isEqualTo("Invalid user_id: got 129 characters, allowed are 1 to 128\n");
  }

  @Test
  void itIsAPostThatIsSigned() {
    TestApi api = server.api();
    HttpResponse<String> get = api.get("/users/u1/terminate_connections");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).contains("POST");
    assertThat(api.send("POST", "/apps/3/users/u1/terminate_connections", "{}").statusCode())
        .isEqualTo(401);
    assertThat(api.post("/users/u1", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void thePathOfThePythonSdkDoesTheSame() {
    try (TestClient ann = server.connect().signedInAs("u1");
        TestClient ben = server.connect().signedInAs("u2")) {
      accepted(withoutApp(TestServer.CREDENTIALS, "POST", PYTHON));

      assertThat(ann.closeCode()).isEqualTo(4009);
      ben.expectSilence();
    }
  }

  @Test
  void thePathOfThePythonSdkIsSignedToo() {
    try (TestClient ann = server.connect().signedInAs("u1")) {
      TestApi api = server.api();
      assertThat(api.send("POST", PYTHON, "{}").statusCode()).isEqualTo(401);
      assertThat(withoutApp(new Credentials("nope", "x"), "POST", PYTHON).body())
          .isEqualTo("Unknown auth_key\n");
      assertThat(withoutApp(new Credentials(TestServer.KEY, "x"), "POST", PYTHON).statusCode())
          .isEqualTo(401);
      String whole =
          RequestAuth.signedQuery(
              TestServer.CREDENTIALS,
              "POST",
              "/apps/3" + PYTHON,
              Map.of(),
              "{}".getBytes(StandardCharsets.UTF_8),
              Instant.now());
      assertThat(api.send("POST", PYTHON + "?" + whole, "{}").statusCode()).isEqualTo(401);
      assertThat(withoutApp(TestServer.CREDENTIALS, "GET", PYTHON).statusCode()).isEqualTo(405);
      assertThat(withoutApp(TestServer.CREDENTIALS, "POST", "/users/u1").statusCode())
          .isEqualTo(404);

      ann.expectSilence();
    }
  }

  private static HttpResponse<String> terminate(String user) {
    return server.api().post("/users/" + user + "/terminate_connections", "{}");
  }

  private static HttpResponse<String> withoutApp(
      Credentials credentials, String method, String path) {
    String body = "{}";
    String query =
        RequestAuth.signedQuery(
            credentials,
            method,
            path,
            Map.of(),
            body.getBytes(StandardCharsets.UTF_8),
            Instant.now());
    return server.api().send(method, path + "?" + query, body);
  }

  private static void accepted(HttpResponse<String> response) {
    assertThat(response.body()).isEqualTo("{}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
  }
}
