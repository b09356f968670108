package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 69 to 73, 85, and 84 in part: what holds for all calls of the API. */
class HttpApiTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_353_088_179);
  private static final String EVENT =
      "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}";

  private static TestServer server;
  private static TestApi api;

  @BeforeAll
  static void start() {
    server = TestServer.startAt(InstantSource.fixed(NOW));
    api = server.api();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Case 69. */
  @Test
  void theDocumentationsExampleIsAccepted() {
    HttpResponse<String> response =
        api.send(
            "POST",
            "/apps/3/events?auth_key="
                + TestServer.KEY
                + "&auth_timestamp=1353088179&auth_version=1.0"
                + "&body_md5=ec365a775a4cd0599faeb73354201b6f&auth_signature="
                + "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c",
            EVENT);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
  }

  /** 6.2: the other vectors of what is served here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth_signature=1cafa6382331c976588eb6bd3925a988e4158402be06c4626d0e97d2981f5382",
        "filter_by_prefix=presence-&info=user_count&auth_signature="
            + "16819168891cb5dfd72b5c7a5d3d602605b26c6ba1930033b5e2eeeb65010291",
        "body_md5=d41d8cd98f00b204e9800998ecf8427e&auth_signature="
            + "5c3cd75022c4f62c35ad22f6a9cce366c860477a3b7092ca790ecfc17e6af302"
      })
  void theVectorsForReadingAreAccepted(String rest) {
    HttpResponse<String> response =
        api.send(
            "GET",
            "/apps/3/channels?auth_key="
                + TestServer.KEY
                + "&auth_timestamp=1353088179&auth_version=1.0&"
                + rest,
            "");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  /** Case 69, with the real clock. */
  @Test
  void anOldSignatureIsRefusedWithTheTimesInTheText() {
    try (TestServer real = TestServer.start()) {
      HttpResponse<String> response = real.api().signed("POST", "/events", Map.of(), EVENT, NOW);

      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body())
          .startsWith(
              "Timestamp expired: Given timestamp (2012-11-16T17:49:39Z) not within 600s of"
                  + " server time (");
    }
  }

  /** Case 70. */
  @ParameterizedTest
  @CsvSource({"-599,200", "599,200", "-600,401", "600,401", "0,200", "-100000,401"})
  void aTimestampMayBeLessThan600SecondsOff(int seconds, int status) {
    Instant signedAt = NOW.plus(Duration.ofSeconds(seconds));

    assertThat(api.signed("GET", "/channels", Map.of(), "", signedAt).statusCode())
        .isEqualTo(status);
  }

  /** Case 71. */
  @Test
  void aForeignOrWrongSignatureIsRefused() {
    assertUnauthorized(as("3", new Credentials(TestServer.KEY, "another")), "Invalid signature: ");
    assertUnauthorized(as("3", new Credentials("another", TestServer.SECRET)), "Unknown auth_key");
    assertThat(as("99", TestServer.CREDENTIALS).statusCode()).isEqualTo(404);
  }

  /** Case 71: another app's key opens only that app. */
  @Test
  void theKeyOfAnotherAppIsRefused() {
    Credentials others = new Credentials("other-key", "other-secret");
    try (TestServer two =
        TestServer.start(
            TestServer.config(),
            TestServer.app().build(),
            TestServer.app().id("4").key("other-key").secret("other-secret").build())) {
      String address = two.api().address();

      assertThat(new TestApi(address, "", "4", others).get("/channels").statusCode())
          .isEqualTo(200);
      assertUnauthorized(
          new TestApi(address, "", "3", others).get("/channels"), "Unknown auth_key");
    }
  }

  /** Case 71. */
  @ParameterizedTest
  @CsvSource({
    "auth_key,Missing parameter: auth_key",
    "auth_version,Version required",
    "auth_timestamp,Timestamp required",
    "auth_signature,Missing parameter: auth_signature"
  })
  void aMissingParameterIsNamed(String missing, String text) {
    String query = signedQuery("GET", "channels", "").replaceAll(missing + "=[^&]*&?", "");

    assertUnauthorized(api.send("GET", "/apps/3/channels?" + query, ""), text);
  }

  /** Case 71: a disabled app answers nobody. */
  @Test
  void aDisabledAppIsForbidden() {
    try (TestServer off = TestServer.start(app -> app.enabled(false))) {
      assertThat(off.api().get("/channels").statusCode()).isEqualTo(403);
    }
  }

  /** Case 72. */
  @Test
  void aBodyThatWasChangedOrNotSignedIsRefused() {
    String changed = EVENT.replace("foo", "bar");
    String path = "/apps/3/events?";

    assertUnauthorized(
        api.send("POST", path + signedQuery("POST", "events", EVENT), changed),
        "Invalid body_md5: ");
    assertUnauthorized(
        api.send("POST", path + signedQuery("POST", "events", ""), EVENT),
        "Missing parameter: body_md5");
  }

  /** Case 73: the key travels as it is, and is signed in lower case. */
  @Test
  void aParameterInCapitalsIsSignedInLowerCase() {
    HttpResponse<String> response =
        api.signed("GET", "/channels", Map.of("Info", "subscription_count"), "", NOW);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  /** Case 84: the order of the checks is path, method, app, signature. */
  @ParameterizedTest
  @CsvSource({
    "GET,/apps/3/events,405,POST",
    "GET,/apps/3/batch_events,405,POST",
    "POST,/apps/3/channels,405,GET",
    "DELETE,/apps/3/channels/a,405,GET",
    "PUT,/apps/3/channels/presence-a/users,405,GET",
    "GET,/apps/3/nothing,404,",
    "GET,/apps/3,404,",
    "GET,/apps/,404,",
    "GET,/,404,",
    "GET,/apps/3/channels/a/nothing,404,",
    "POST,/app/x,405,GET"
  })
  void aWrongMethodTellsTheRightOneAndAnUnknownPathIsNotFound(
      String method, String path, int status, String allow) {
    HttpResponse<String> response = api.send(method, path, "");

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Allow").orElse(null)).isEqualTo(allow);
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
  }

  /** Case 85. */
  @Test
  void healthIsToldToAnybody() {
    HttpResponse<String> response = api.send("GET", "/up", "");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"health\":\"OK\"}");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
  }

  private static HttpResponse<String> as(String appId, Credentials credentials) {
    return new TestApi(api.address(), "", appId, credentials)
        .signed("GET", "/channels", Map.of(), "", NOW);
  }

  private static void assertUnauthorized(HttpResponse<String> response, String text) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
    assertThat(response.body()).startsWith(text);
    assertThat(response.body()).doesNotContain(TestServer.SECRET);
  }

  private static String signedQuery(String method, String endpoint, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String path = "/apps/3/" + endpoint;
    return RequestAuth.signedQuery(TestServer.CREDENTIALS, method, path, Map.of(), bytes, NOW);
  }
}
