package dev.carillon.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.status.Given;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusRequestTest {
  private static final StatusRequest.Rules RULES = new StatusRequest.Rules(true, false);
  private static final String ALLOWED = "one of online, away, busy, dnd, invisible, offline, auto";

  private static StatusRequest parse(String json) {
    return StatusRequest.parse(json.getBytes(StandardCharsets.UTF_8), RULES);
  }

  private static AbstractStringAssert<?> assertRefused(String json) {
    return assertThat(catchThrowableOfType(ProtocolException.class, () -> parse(json)).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"online", "away", "busy", "dnd", "invisible", "offline"})
  void takesEachStatusThatMayBeChosen(String status) {
    StatusRequest request = parse("{\"status\":\"" + status + "\"}");

    assertThat(request.choice().status()).isEqualTo(Status.of(status).orElseThrow());
    assertThat(request)
        .isEqualTo(new StatusRequest(request.choice(), null, null, null, null, null, null));
  }

  @Test
  void takesNoChoiceAtAll() {
    assertThat(parse("{\"status\":\"auto\",\"else\":[{}]}").choice().status()).isNull();
  }

  @Test
  void countsTheCodePointsOfAMessage() {
    String emoji = "😀".repeat(100);

    assertThat(parse("{\"status\":\"busy\",\"custom_message\":\"" + emoji + "\"}"))
        .extracting(request -> request.choice().customMessage())
        .isEqualTo(emoji);
    assertThat(parse("{\"status\":\"busy\",\"custom_message\":\"\"}").choice().customMessage())
        .isNull();
    assertRefused("{\"status\":\"busy\",\"custom_message\":\"" + emoji + "x\"}")
        .isEqualTo(
            "Invalid custom_message: got 101 characters, allowed is a string of 0 to 100"
                + " characters");
    assertRefused("{\"status\":\"busy\",\"custom_message\":\"" + "x".repeat(1_000_000) + "\"}")
        .startsWith("Invalid custom_message: got 1000000 characters")
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-05T11:00:00Z, 2026-01-05T11:00:00Z",
    "2026-01-05T11:00:00+00:00, 2026-01-05T11:00:00Z",
    "2026-01-05T12:30:00.123456789+01:30, 2026-01-05T11:00:00.123Z",
    "2026-01-05T11:00Z, 2026-01-05T11:00:00Z",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
  })
  void takesTimesAsLanguagesWriteThem(String text, Instant time) {
    assertThat(parse("{\"status\":\"dnd\",\"expires_at\":\"" + text + "\"}").choice().expiresAt())
        .isEqualTo(time);
  }

  @Test
  void takesADuration() {
    assertThat(
            parse("{\"status\":\"dnd\",\"duration\":90,\"expires_at\":null}").choice().duration())
        .isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void tellsWhatIsTakenAwayFromWhatStays() {
    Profile before = new Profile("Ann", "/a.png");

    assertThat(parse("{\"status\":\"busy\"}").profile(before)).isEqualTo(before);
    assertThat(parse("{\"status\":\"busy\",\"profile\":null}").profile(before)).isEqualTo(before);
    assertThat(parse("{\"status\":\"busy\",\"profile\":{\"name\":\"Bo\"}}").profile(before))
        .isEqualTo(new Profile("Bo", "/a.png"));
    assertThat(parse("{\"status\":\"busy\",\"profile\":{\"avatar\":null}}").profile(before))
        .isEqualTo(new Profile("Ann", null));
    assertThat(parse("{\"status\":\"busy\",\"location\":null}").location())
        .isEqualTo(new Given<>(null));
    assertThat(parse("{\"status\":\"busy\",\"channels\":[]}").channels()).isEmpty();
    assertThat(parse("{\"status\":\"busy\",\"channels\":null}").channels()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "   ", "\\t\\n", "\u00a0\u2003\u3000"})
  void whatIsBlankIsNone(String blank) {
    String text = "\"" + blank + "\"";

    assertThat(
            parse("{\"status\":\"busy\",\"custom_message\":" + text + "}").choice().customMessage())
        .isNull();
    assertThat(
            parse(
                    "{\"status\":\"busy\",\"profile\":{\"name\":"
                        + text
                        + ",\"avatar\":"
                        + text
                        + "}}")
                .profile(new Profile("Ann", "/a.png")))
        .isEqualTo(Profile.UNKNOWN);
    String entry =
        "{\"status\":\"dnd\",\"starts_at\":\"2026-01-05T11:00:00Z\","
            + "\"ends_at\":\"2026-01-05T12:00:00Z\",\"custom_message\":"
            + text
            + "}";
    assertThat(ScheduleRequest.parse(entry.getBytes(StandardCharsets.UTF_8)).customMessage())
        .isNull();
  }

  @Test
  void spacesAroundAMessageStay() {
    assertThat(parse("{\"status\":\"busy\",\"custom_message\":\" a \"}").choice().customMessage())
        .isEqualTo(" a ");
  }

  @Test
  void takesAHundredChannelsEachOnce() {
    assertThat(parse("{\"status\":\"busy\",\"channels\":[\"b\",\"a\",\"b\"]}").channels())
        .map(Object::toString)
        .containsExactly("b", "a");
    assertThat(parse("{\"status\":\"busy\",\"channels\":[" + channels(100) + "]}").channels())
        .hasSize(100);
    assertRefused("{\"status\":\"busy\",\"channels\":[" + channels(101) + "]}")
        .isEqualTo(
            "Invalid channels: got 101 of them, allowed is an array of at most 100 channel names");
  }

  private static String channels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"c" + i + "\"")
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | Missing required parameter: status, allowed is " + ALLOWED,
        "{'status':null} | Invalid status: got null, allowed is " + ALLOWED,
        "{'status':'idle'} | Invalid status: got 'idle', allowed is " + ALLOWED,
        "{'status':'BUSY'} | Invalid status: got 'BUSY', allowed is " + ALLOWED,
        "{'status':'a\\nb'} | Invalid status: got 'a?b', allowed is " + ALLOWED,
        "{'status':['busy']} | Invalid status: got an array, allowed is " + ALLOWED,
        "{'status':{'a':1}} | Invalid status: got an object, allowed is " + ALLOWED,
        "{'status':1} | Invalid status: got 1, allowed is " + ALLOWED,
        "{'status':'busy','custom_message':5} | Invalid custom_message: got 5, allowed is a string of 0 to 100 characters",
        "{'status':'busy','custom_message':['a']} | Invalid custom_message: got an array, allowed is a string of 0 to 100 characters",
        "{'status':'busy','custom_message':'\\ud800'} | Invalid custom_message: got half a surrogate pair, allowed is characters that UTF-8 has",
        "{'status':'busy','expires_at':'soon'} | Invalid expires_at: got 'soon', allowed is a time like 2026-01-05T10:02:11Z",
        "{'status':'busy','expires_at':'2026-01-05'} | Invalid expires_at: got '2026-01-05', allowed is a time like 2026-01-05T10:02:11Z",
        "{'status':'busy','expires_at':'2026-01-05T11:00:00'} | Invalid expires_at: got '2026-01-05T11:00:00', allowed is a time like 2026-01-05T10:02:11Z",
        "{'status':'busy','expires_at':'2026-02-30T11:00:00Z'} | Invalid expires_at: got '2026-02-30T11:00:00Z', allowed is a time like 2026-01-05T10:02:11Z",
        "{'status':'busy','expires_at':'+99999-01-05T11:00:00Z'} | Invalid expires_at: got '+99999-01-05T11:00:00Z', allowed is a time like 2026-01-05T10:02:11Z",
        "{'status':'busy','expires_at':1767607331} | Invalid expires_at: got 1767607331, allowed is a time like 2026-01-05T10:02:11Z",
        "{'status':'busy','duration':0} | Invalid duration: got 0, allowed is a whole number from 1 to 2147483647",
        "{'status':'busy','duration':-5} | Invalid duration: got -5, allowed is a whole number from 1 to 2147483647",
        "{'status':'busy','duration':1.5} | Invalid duration: got 1.5, allowed is a whole number from 1 to 2147483647",
        "{'status':'busy','duration':'60'} | Invalid duration: got '60', allowed is a whole number from 1 to 2147483647",
        "{'status':'busy','duration':99999999999} | Invalid duration: got 99999999999, allowed is a whole number from 1 to 2147483647",
        "{'status':'busy','duration':60,'expires_at':'2026-01-05T11:00:00Z'} | Invalid duration: got expires_at too, allowed is one of duration and expires_at",
        "{'status':'away','device_id':''} | Invalid device_id: got 0 characters, allowed is a string of 1 to 128 characters",
        "{'status':'away','device_id':7} | Invalid device_id: got 7, allowed is a string of 1 to 128 characters",
        "{'status':'busy','device_id':'d'} | Invalid status: got 'busy', allowed is one of online, away, offline together with device_id",
        "{'status':'auto','device_id':'d'} | Invalid status: got 'auto', allowed is one of online, away, offline together with device_id",
        "{'status':'away','device_id':'d','custom_message':'x'} | Invalid custom_message: got one together with device_id, allowed is one of the two",
        "{'status':'away','device_id':'d','duration':5} | Invalid duration: got one together with device_id, allowed is one of the two",
        "{'status':'away','device_id':'d','expires_at':'2026-01-05T11:00:00Z'} | Invalid expires_at: got one together with device_id, allowed is one of the two",
        "{'status':'busy','channels':'a'} | Invalid channels: got 'a', allowed is an array of at most 100 channel names",
        "{'status':'busy','channels':[1]} | Invalid channels[0]: got 1, allowed is the name of a channel",
        "{'status':'busy','channels':['a',['b']]} | Invalid channels[1]: got an array, allowed is the name of a channel",
        "{'status':'busy','channels':['a b']} | Invalid channels[0]: got 'a b', allowed are A-Z a-z 0-9 _ - = @ , . ;",
        "{'status':'busy','channels':['a','#b']} | Invalid channels[1]: got '#b', allowed are names that start with # only as #server-to-user-<user id>",
        "{'status':'busy','channels':['']} | Invalid channels[0]: got 0 characters, allowed are 1 to 200",
        "{'status':'busy','channels':['private-encrypted-a']} | Invalid channels[0]: got 'private-encrypted-a', allowed is a channel that is not encrypted: the server has no key to encrypt with",
        "{'status':'busy','profile':'Ann'} | Invalid profile: got 'Ann', allowed is an object or null",
        "{'status':'busy','profile':{'name':1}} | Invalid profile.name: got 1, allowed is a string of 0 to 255 characters",
        "{'status':'busy','profile':{'avatar':{}}} | Invalid profile.avatar: got an object, allowed is a string of 0 to 2000 characters",
        "{'status':'busy','location':'here'} | Invalid location: got 'here', allowed is an object or null",
        "{'status':'busy','location':{'label':'x'}} | Invalid location.expires_at: got none, allowed is a time like 2026-01-05T10:02:11Z: it has an end",
        "{'status':'busy','location':{'expires_at':'2026-01-05T11:00:00Z'}} | Invalid location: got neither a label nor latitude and longitude, allowed is a label, or latitude and longitude, or both",
        "{'status':'busy','location':{'label':' ','latitude':null,'expires_at':'2026-01-05T11:00:00Z'}} | Invalid location: got neither a label nor latitude and longitude, allowed is a label, or latitude and longitude, or both",
        "{'status':'busy','location':{'latitude':1,'expires_at':'2026-01-05T11:00:00Z'}} | Invalid location.latitude: got one without a longitude, allowed is both or neither",
        "{'status':'busy','location':{'longitude':1,'expires_at':'2026-01-05T11:00:00Z'}} | Invalid location.longitude: got one without a latitude, allowed is both or neither",
        "{'status':'busy','location':{'latitude':90.01,'longitude':0,'expires_at':'2026-01-05T11:00:00Z'}} | Invalid location.latitude: got 90.01, allowed is a number from -90 to 90",
        "{'status':'busy','location':{'latitude':0,'longitude':-1e999,'expires_at':'2026-01-05T11:00:00Z'}} | Invalid location.longitude: got -1e999, allowed is a number from -180 to 180",
        "{'status':'busy','location':{'latitude':'NaN','longitude':0,'expires_at':'2026-01-05T11:00:00Z'}} | Invalid location.latitude: got 'NaN', allowed is a number from -90 to 90",
        "{'status':'busy','location':{'latitude':NaN,'longitude':0,'expires_at':'2026-01-05T11:00:00Z'}} | Invalid body: expected a JSON object",
        "{'status':'busy','socket_id':'1'} | Invalid socket_id: got '1', allowed is <digits>.<digits>",
        "{'status':'busy','socket_id':1.2} | Invalid socket_id: got 1.2, allowed is <digits>.<digits>",
        "{'status':'busy' | Invalid body: expected a JSON object",
        "{'status':'busy','channels':['a' | Invalid body: expected a JSON object",
        "[] | Invalid body: expected a JSON object",
        "`` | Invalid body: expected a JSON object",
      })
  void namesWhatIsWrong(String json, String text) {
    assertRefused(json.replace('\'', '"')).isEqualTo(text);
  }

  @Test
  void refusesALocationWhereTheAppHasNone() {
    String where = "{\"label\":\"x\",\"expires_at\":\"2026-01-05T11:00:00Z\"}";
    StatusRequest.Rules none = new StatusRequest.Rules(false, false);

    assertThat(
            catchThrowableOfType(
                    ProtocolException.class,
                    () ->
                        StatusRequest.parse(
                            ("{\"status\":\"busy\",\"location\":" + where + "}")
                                .getBytes(StandardCharsets.UTF_8),
                            none))
                .text())
        .isEqualTo(
            "Invalid location: got one, allowed is none, since the app's configuration has"
                + " status.location off");
    assertThat(
            StatusRequest.parse(
                    "{\"status\":\"busy\",\"location\":null}".getBytes(StandardCharsets.UTF_8),
                    none)
                .location())
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | Missing required parameter: status",
        "{'status':'busy'} | Missing required parameter: starts_at",
        "{'status':'busy','starts_at':'2026-01-05T11:00:00Z'} | Missing required parameter: ends_at",
        "{'status':'auto','starts_at':'2026-01-05T11:00:00Z','ends_at':'2026-01-05T12:00:00Z'} | Invalid status: got 'auto', allowed is one of online, away, busy, dnd, invisible, offline",
        "{'status':'busy','starts_at':null,'ends_at':'2026-01-05T12:00:00Z'} | Invalid starts_at: got null, allowed is a time like 2026-01-05T10:02:11Z",
        "{'status':'busy','starts_at':'2026-01-05T11:00:00Z','ends_at':'2026-01-05T11:00:00Z'} | Invalid ends_at: got 2026-01-05T11:00:00Z, allowed is a time after starts_at, which is 2026-01-05T11:00:00Z",
      })
  void namesWhatIsWrongWithAnEntry(String json, String text) {
    assertThat(
            catchThrowableOfType(
                    ProtocolException.class,
                    () ->
                        ScheduleRequest.parse(
                            json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))
                .text())
        .isEqualTo(text);
  }

  @Test
  void readsAnEntry() {
    String json =
        "{\"id\":9,\"status\":\"dnd\",\"starts_at\":\"2026-01-05T11:00:00Z\","
            + "\"ends_at\":\"2026-01-05T12:00:00+00:00\"}";

    assertThat(ScheduleRequest.parse(json.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            new ScheduleEntry(
                0,
                Status.DND,
                null,
                Instant.parse("2026-01-05T11:00:00Z"),
                Instant.parse("2026-01-05T12:00:00Z")));
  }

  @Test
  void readsActivityOfADeviceOrOfNone() {
    assertThat(activity("")).isNull();
    assertThat(activity("{}")).isNull();
    assertThat(activity("{\"device_id\":null}")).isNull();
    assertThat(activity("{\"device_id\":\"d1\"}")).isEqualTo("d1");
    assertThat(
            catchThrowableOfType(ProtocolException.class, () -> activity("{\"device_id\":[]}"))
                .text())
        .isEqualTo("Invalid device_id: got an array, allowed is a string of 1 to 128 characters");
  }

  private static String activity(String json) {
    return ActivityRequest.parse(json.getBytes(StandardCharsets.UTF_8)).deviceId();
  }

  @Test
  void readsActivityThatAClientMakesByItself() {
    assertThat(background("")).isFalse();
    assertThat(background("{\"background\":false,\"device_id\":\"d1\"}")).isFalse();
    assertThat(background("{\"background\":true,\"device_id\":null}")).isTrue();
    assertThat(mistake(() -> background("{\"background\":\"yes\"}")))
        .isEqualTo("Invalid background: got 'yes', allowed is true or false");
    assertThat(mistake(() -> background("{\"device_id\":\"d1\",\"background\":true}")))
        .isEqualTo(
            "Invalid device_id: got one together with background, allowed is one of the two");
  }

  private static boolean background(String json) {
    return ActivityRequest.parse(json.getBytes(StandardCharsets.UTF_8)).background();
  }

  @Test
  void readsWhoIsAskedForAndWhatIsLeftOut() {
    assertThat(StatusesQuery.users("2,1,2")).map(user -> user.value()).containsExactly("2", "1");
    assertThat(StatusesQuery.statuses("busy,idle")).containsExactly(Status.IDLE, Status.BUSY);
    assertThat(StatusesQuery.users(ids(1_000))).hasSize(1_000);
    assertThat(mistake(() -> StatusesQuery.users(ids(1_001))))
        .isEqualTo("Invalid user_ids: got more than 1000, allowed is 1000 at most");
    assertThat(mistake(() -> StatusesQuery.users("1,,2")))
        .isEqualTo("Invalid user_id: got 0 characters, allowed are 1 to 128");
    assertThat(mistake(() -> StatusesQuery.statuses("busy,invisible")))
        .isEqualTo(
            "Invalid status: got 'invisible', allowed is a list by comma of online, idle, away,"
                + " busy, dnd, offline");
    assertThat(mistake(() -> StatusesQuery.statuses(""))).startsWith("Invalid status: got ''");
  }

  private static String ids(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining(","));
  }

  private static String mistake(Runnable reading) {
    return catchThrowableOfType(ProtocolException.class, reading::run).text();
  }
}
