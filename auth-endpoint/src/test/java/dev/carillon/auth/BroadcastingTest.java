package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.auth.TestBrowser.Answer;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserData;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BroadcastingTest {
  private static final String AUTH = "/broadcasting/auth";
  private static final String USER_AUTH = "/broadcasting/user-auth";
  private static final SocketId SOCKET = new SocketId("123.456");
  @AutoClose private static final TestSite site = TestSite.start();
  private static final TestBrowser ann = site.signedIn("ann");

  private static Map<String, String> subscription(String channel) {
    return Map.of("socket_id", SOCKET.value(), "channel_name", channel);
  }

  private static void assertSigned(Answer answer, String channel) {
    JsonNode json = answer.json();
    JsonNode data = json.path("channel_data");
    assertThatCode(
            () ->
                ChannelAuth.verify(
                    TestSite.APP,
                    SOCKET,
                    ChannelName.of(channel),
                    json.path("auth").textValue(),
                    data.textValue()))
        .doesNotThrowAnyException();
  }

  @Test
  void usersOwnPrivateChannelIsSignedForAFormWithoutCsrfToken() {
    Answer answer = ann.postAsPusher(AUTH, subscription("private-App.Models.User.1"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).matches("\\{\"auth\":\"app-key:[0-9a-f]{64}\"}");
    assertSigned(answer, "private-App.Models.User.1");
  }

  @Test
  void presenceChannelOfTheTeamCarriesTheMember() {
    String channel = "presence-team.1.presence";

    Answer answer = ann.postAsPusher(AUTH, subscription(channel));

    assertThat(answer.status()).isEqualTo(200);
    assertSigned(answer, channel);
    JsonNode member = Answer.parse(answer.json().path("channel_data").textValue());
    assertThat(member.path("user_id").textValue()).isEqualTo("1");
    assertThat(member.path("user_info").path("name").textValue()).isEqualTo("Ann");
    assertThat(member.path("user_info").path("avatar").textValue()).startsWith("/avatars/");
    assertThat(member.path("user_info").has("device")).isFalse();
  }

  @Test
  void whoIsSignedIsNotForTheRequestToSay() {
    Map<String, String> forged = new HashMap<>(subscription("presence-team.1.presence"));
    forged.put("user_id", "2");
    forged.put("channel_data", "{\"user_id\":\"2\"}");
    forged.put("user_data", "{\"id\":\"2\"}");
    forged.put("user_info", "{\"name\":\"Ben\"}");

    JsonNode member =
        Answer.parse(ann.postAsPusher(AUTH, forged).json().path("channel_data").textValue());
    JsonNode user =
        Answer.parse(ann.postAsPusher(USER_AUTH, forged).json().path("user_data").textValue());

    assertThat(member.path("user_id").textValue()).isEqualTo("1");
    assertThat(member.path("user_info").path("name").textValue()).isEqualTo("Ann");
    assertThat(user.path("id").textValue()).isEqualTo("1");
  }

  @Test
  void jsonAndMultipartAreReadAsWell() {
    String channel = "presence-team.1.presence";

    assertSigned(ann.postJson(AUTH, subscription(channel)), channel);
    assertSigned(ann.postMultipart(AUTH, subscription(channel)), channel);
  }

  @Test
  void deviceComesFromTheBrowserOrTheField() {
    TestBrowser phone = site.signedIn("ben").with("User-Agent", "Mozilla/5.0 (iPhone) Mobile");
    Map<String, String> fields = subscription("presence-team.1.presence");
    Map<String, String> said =
        Map.of(
            "socket_id", "123.456", "channel_name", "presence-team.1.presence", "device", "kiosk");

    assertThat(device(phone.postAsPusher(AUTH, fields))).isEqualTo("mobile");
    assertThat(device(phone.postAsPusher(AUTH, said))).isEqualTo("kiosk");
  }

  private static String device(Answer answer) {
    JsonNode member = Answer.parse(answer.json().path("channel_data").textValue());
    return member.path("user_info").path("device").asText();
  }

  @Test
  void signInIsSignedWithTheOthersOfTheUsersTeamsAsWatchlist() {
    TestBrowser cat = site.signedIn("cat");

    Answer answer = cat.postAsPusher(USER_AUTH, Map.of("socket_id", SOCKET.value()));

    assertThat(answer.status()).isEqualTo(200);
    String userData = answer.json().path("user_data").textValue();
    UserAuth.verify(TestSite.APP, SOCKET, answer.json().path("auth").textValue(), userData);
    assertThat(UserData.parse(userData, 2_048).watchlistCut()).isFalse(); // as the server reads it
    JsonNode user = Answer.parse(userData);
    assertThat(user.path("id").textValue()).isEqualTo("3");
    assertThat(user.path("user_info").path("name").textValue()).isEqualTo("Cat");
    assertThat(user.path("watchlist").toString()).isEqualTo("[\"1\",\"2\",\"4\"]");
  }

  @Test
  void nobodySignedInIsAnswered403WithAReason() {
    TestBrowser nobody = site.browser();

    assertThat(nobody.postAsPusher(AUTH, subscription("private-x")))
        .returns(403, Answer::status)
        .returns("Nobody is signed in.", Answer::message);
    assertThat(nobody.postAsPusher(USER_AUTH, Map.of("socket_id", "1.2")).status()).isEqualTo(403);
  }

  @Test
  void otherUsersAndOtherTeamsChannelsAreRefused() {
    for (String channel :
        new String[] {
          "private-App.Models.User.2",
          "presence-team.2.presence",
          "presence-team.9.presence",
          "private-team.1.presence",
          "private-encrypted-App.Models.User.1",
          "private-App.Models.User.1.x"
        }) {
      Answer answer = ann.postAsPusher(AUTH, subscription(channel));

      assertThat(answer.status()).as(channel).isEqualTo(403);
      assertThat(answer.message()).startsWith("Not allowed to join " + channel);
    }
  }

  @Test
  void missingFieldsAreNamed() {
    Answer answer = ann.postAsPusher(AUTH, Map.of());

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).isEqualTo("The socket id field is required. (and 1 more error)");
    assertThat(answer.json().path("errors").path("channel_name").path(0).textValue())
        .isEqualTo("The channel name field is required.");
  }

  @Test
  void malformedFieldsAreAnswered422() {
    Answer socket =
        ann.postAsPusher(AUTH, Map.of("socket_id", "1.2:x", "channel_name", "private-a"));
    Answer channel = ann.postAsPusher(AUTH, subscription("private-a b"));
    Answer open = ann.postAsPusher(AUTH, subscription("news"));
    Answer number = ann.postJson(USER_AUTH, Map.of("socket_id", 12));

    assertThat(socket.status()).isEqualTo(422);
    assertThat(socket.message()).contains("Invalid socket_id");
    assertThat(channel.message()).contains("Invalid channel name");
    assertThat(channel.json().path("errors").has("channel_name")).isTrue();
    assertThat(open.status()).isEqualTo(422);
    assertThat(number.message()).isEqualTo("The socket id field must be a string.");
  }

  @Test
  void whatIsNoJsonObjectIsAnswered400() {
    for (String body : new String[] {"{", "[]", "\"x\"", "{\"a\":1,\"a\":2}", "{} {}"}) {
      Answer answer = ann.send("POST", AUTH, TestBrowser.JSON, body, false);

      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.message()).startsWith("The body is no");
    }
  }
}
