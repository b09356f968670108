package dev.carillon.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The signatures are those of Pusher's documentation, or were made by its libraries. */
class RequestAuthTest {
  private static final Credentials APP =
      new Credentials("278d425bdf160c739803", "7ad3773142a6692b25b8");
  private static final Instant NOW = Instant.ofEpochSecond(1353088179);
  private static final byte[] NO_BODY = {};
  private static final String EVENTS = "/apps/3/events";
  private static final byte[] EVENT =
      bytes(
          "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}");

  @Test
  void signsTheDocumentedTrigger() {
    String query = RequestAuth.signedQuery(APP, "POST", EVENTS, Map.of(), EVENT, NOW);

    assertThat(query)
        .isEqualTo(
            "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0"
                + "&body_md5=ec365a775a4cd0599faeb73354201b6f"
                + "&auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c");
    verify("POST", EVENTS, query, EVENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ",
      value = {
        "/apps/3/channels '' 1cafa6382331c976588eb6bd3925a988e4158402be06c4626d0e97d2981f5382",
        "/apps/3/channels filter_by_prefix=presence-&info=user_count&"
            + " 16819168891cb5dfd72b5c7a5d3d602605b26c6ba1930033b5e2eeeb65010291",
        "/apps/3/channels body_md5=d41d8cd98f00b204e9800998ecf8427e&"
            + " 5c3cd75022c4f62c35ad22f6a9cce366c860477a3b7092ca790ecfc17e6af302",
      })
  void acceptsWhatLibrariesSendWithGet(String path, String parameters, String signature) {
    assertThatCode(() -> verify("GET", path, signed(parameters, signature), NO_BODY))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ",
      quoteCharacter = '`',
      value = {
        "/apps/3/users/u1/terminate_connections {} 99914b932bd37a50b983c5e7c90ae93b"
            + " 61efad5e9fe693a686a71ff197d9770bd2c257d87ce961f4efda2dae952c4345",
        "/apps/3/batch_events"
            + " {\"batch\":[{\"channel\":\"a\",\"name\":\"e\",\"data\":\"1\"},{\"channel\":\"presence-b\",\"name\":\"e\",\"data\":\"2\",\"info\":\"user_count\"}]}"
            + " 2b08b0c3d5df79aab067937da281b6c1"
            + " 7eac161228d42b112d386b2166a8a3895ede992c2e2af646b582e185057fb817",
      })
  void acceptsWhatLibrariesSendWithPost(String path, String body, String md5, String signature) {
    String query = signed("body_md5=" + md5 + "&", signature);

    assertThatCode(() -> verify("POST", path, query, bytes(body))).doesNotThrowAnyException();
  }

  @Test
  void signsParametersWithCapitalLettersInLowerCase() {
    Map<String, String> parameters = Map.of("Info", "user_count", "filter_by_prefix", "presence-");
    String query =
        RequestAuth.signedQuery(APP, "get", "/apps/3/channels", parameters, NO_BODY, NOW);

    assertThat(query)
        .contains("Info=user_count")
        .endsWith("16819168891cb5dfd72b5c7a5d3d602605b26c6ba1930033b5e2eeeb65010291");
    verify("GET", "/apps/3/channels", query, NO_BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"k[]=a&k[]=b", "k=a,b"})
  void acceptsBothWaysToSignAnArray(String signedAs) {
    String signature =
        APP.sign(
            "GET\n/apps/3/channels\nauth_key=278d425bdf160c739803&auth_timestamp=1353088179"
                + "&auth_version=1.0&"
                + signedAs);

    assertThatCode(
            () ->
                verify(
                    "GET", "/apps/3/channels", signed("k%5B%5D=a&k%5B%5D=b&", signature), NO_BODY))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/apps/3/channels/private-a%40b", "/apps/3/channels/private-a@b"})
  void acceptsThePathSignedAsSentOrDecoded(String signedPath) {
    String query = RequestAuth.signedQuery(APP, "GET", signedPath, Map.of(), NO_BODY, NOW);

    assertThatCode(() -> verify("GET", "/apps/3/channels/private-a%40b", query, NO_BODY))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAPathThatIsNoPercentEncodingQuietly() {
    String query = RequestAuth.signedQuery(APP, "GET", "/apps/3/channels", Map.of(), NO_BODY, NOW);

    assertRefused("GET", "/apps/3/channels/%zz", query, NO_BODY).startsWith("Invalid signature: ");
  }

  @ParameterizedTest
  @CsvSource({"-599,true", "599,true", "-600,false", "600,false", "0,true"})
  void acceptsClocksThatAreLessThanTenMinutesApart(long seconds, boolean accepted) {
    Map<String, List<String>> query =
        parsed(RequestAuth.signedQuery(APP, "POST", EVENTS, Map.of(), EVENT, NOW));
    Instant server = NOW.plusSeconds(seconds);

    if (accepted) {
      RequestAuth.verify(APP, "POST", EVENTS, query, EVENT, server);
    } else {
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> RequestAuth.verify(APP, "POST", EVENTS, query, EVENT, server))
          .withMessage(
              "Timestamp expired: Given timestamp (2012-11-16T17:49:39Z) not within 600s of server"
                  + " time (%s)",
              server);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth_key=|x=|Missing parameter: auth_key",
        "auth_key=278d|auth_key=other|Unknown auth_key",
        "auth_version=1.0|x=1|Version required",
        "auth_version=1.0|auth_version=|Version required",
        "auth_version=1.0|auth_version=2.0|Version not supported",
        "auth_timestamp=1353088179|x=1|Timestamp required",
        "auth_timestamp=1353088179|auth_timestamp=|Timestamp required",
        "auth_timestamp=1353088179|auth_timestamp=soon|Invalid auth_timestamp: got \"soon\", allowed are the whole seconds since 1970",
        "auth_timestamp=1353088179|auth_timestamp=-1353088179|Invalid auth_timestamp: got \"-1353088179\", allowed are the whole seconds since 1970",
        "auth_timestamp=1353088179|auth_timestamp=99999999999999999999|Invalid auth_timestamp: got \"99999999999999999999\", allowed are the whole seconds since 1970",
        "body_md5=|x=|Missing parameter: body_md5",
        "auth_signature=|x=|Missing parameter: auth_signature",
      })
  void namesTheParameterThatIsWrong(String good, String bad, String text) {
    String query = RequestAuth.signedQuery(APP, "POST", EVENTS, Map.of(), EVENT, NOW);

    assertRefused("POST", EVENTS, query.replace(good, bad), EVENT).isEqualTo(text);
  }

  @Test
  void refusesABodyThatWasChanged() {
    String query = RequestAuth.signedQuery(APP, "POST", EVENTS, Map.of(), EVENT, NOW);

    assertRefused("POST", EVENTS, query, bytes("{}"))
        .isEqualTo(
            "Invalid body_md5: the MD5 of the body is \"99914b932bd37a50b983c5e7c90ae93b\","
                + " but you sent \"ec365a775a4cd0599faeb73354201b6f\"");
  }

  @Test
  void refusesABodyThatWasCutOff() {
    String query = RequestAuth.signedQuery(APP, "POST", EVENTS, Map.of(), EVENT, NOW);

    assertRefused("POST", EVENTS, query, NO_BODY).startsWith("Invalid body_md5");
  }

  @Test
  void saysWhatToSignButNeverTheSignature() {
    String query = signed("", "00\n");

    assertRefused("GET", "/apps/3/channels", query, NO_BODY)
        .isEqualTo(
            "Invalid signature: you should have sent HmacSHA256Hex(\"GET\\n/apps/3/channels\\n"
                + "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0\","
                + " your_secret_key), but you sent \"00\\n\"");
  }

  @Test
  void refusesTheSignatureOfAnotherMethodOrPath() {
    String query = RequestAuth.signedQuery(APP, "GET", "/apps/3/channels", Map.of(), NO_BODY, NOW);

    assertRefused("POST", "/apps/3/channels", query, NO_BODY).startsWith("Invalid signature");
    assertRefused("GET", "/apps/4/channels", query, NO_BODY).startsWith("Invalid signature");
  }

  private static AbstractStringAssert<?> assertRefused(
      String method, String path, String query, byte[] body) {
    try {
      verify(method, path, query, body);
    } catch (ProtocolException e) {
      assertThat(e.kind()).isEqualTo(ProtocolException.Kind.AUTH);
      return assertThat(e.text());
    }
    throw new AssertionError("accepted: " + query);
  }

  private static void verify(String method, String path, String query, byte[] body) {
    RequestAuth.verify(APP, method, path, parsed(query), body, NOW);
  }

  private static String signed(String parameters, String signature) {
    return parameters
        + "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0&auth_signature="
        + signature;
  }

  private static Map<String, List<String>> parsed(String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String parameter : query.split("&")) {
      String[] parts = parameter.split("=", 2);
      parameters
          .computeIfAbsent(decoded(parts[0]), key -> new ArrayList<>())
          .add(decoded(parts[1]));
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
