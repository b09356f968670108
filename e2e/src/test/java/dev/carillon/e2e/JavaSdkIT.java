package dev.carillon.e2e;

import static dev.carillon.e2e.Compatibility.CLIENT;
import static dev.carillon.e2e.Compatibility.SDK;
import static dev.carillon.e2e.Compatibility.proves;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.pusher.rest.data.Event;
import com.pusher.rest.data.Result;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class JavaSdkIT {
  private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @TempDir static Path directory;
  private static Product product;
  private static com.pusher.rest.Pusher application;

  private final Deque<JavaClient> clients = new ArrayDeque<>();
  private String room;

  @BeforeAll
  static void start() throws Exception {
    product = Product.start(directory);
    application =
        new com.pusher.rest.Pusher(Product.APP_ID, Product.APP_KEY, Product.APP_SECRET, MASTER_KEY);
    application.setHost("127.0.0.1:" + product.port());
    application.setEncrypted(false);
  }

  @AfterAll
  static void stop() throws Exception {
    application.close();
    product.close();
  }

  @BeforeEach
  void nameTheRoom(TestInfo test) {
    room = test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void disconnect() {
    clients.forEach(JavaClient::close);
  }

  @Test
  void anEventReachesThePublicChannel() throws Exception {
    var subscription = client("ann").joinPublic(room);

    assertOk(application.trigger(room, "order.created", Map.of("id", 1)));

    var event = subscription.next();
    assertThat(event.getEventName()).isEqualTo("order.created");
    assertThat(event.getData()).isEqualTo("{\"id\":1}");
    assertThat(event.getChannelName()).isEqualTo(room);
    proves("connect", CLIENT);
    proves("public", CLIENT);
    proves("trigger", SDK);
  }

  @Test
  void anEventReachesThePrivateChannelButNotItsOriginator() throws Exception {
    var originator = client("ann");
    var own = originator.joinPrivate("private-" + room);
    var other = client("ben").joinPrivate("private-" + room);

    assertOk(application.trigger("private-" + room, "moved", "x", originator.socketId()));
    assertOk(application.trigger("private-" + room, "last", "x"));

    assertThat(other.next().getEventName()).isEqualTo("moved");
    assertThat(own.next().getEventName()).isEqualTo("last");
    proves("private", CLIENT);
    proves("to others", SDK);
    proves("signs subscriptions", SDK);
  }

  @Test
  void membersSeeWhoIsThereWhoJoinsAndWhoLeaves() throws Exception {
    var ann = client("ann").joinPresence("presence-" + room);
    assertThat(ann.nextOfMembers()).isEqualTo("here: [ann]");
    var ben = client("ben");

    var bensView = ben.joinPresence("presence-" + room);
    assertThat(bensView.nextOfMembers()).isEqualTo("here: [ann, ben]");
    assertThat(ann.nextOfMembers()).isEqualTo("joined: ben {\"name\":\"name of ben\"}");
    ben.leave("presence-" + room);

    assertThat(ann.nextOfMembers()).isEqualTo("left: ben");
    proves("presence", CLIENT);
  }

  @Test
  void aClientEventReachesTheOthersAndNamesItsSender() throws Exception {
    var ann = client("ann").joinPresence("presence-" + room);
    var ben = client("ben").joinPresence("presence-" + room);

    ann.trigger("client-typing", "{\"on\":true}");

    var event = ben.next();
    assertThat(event.getEventName()).isEqualTo("client-typing");
    assertThat(event.getData()).isEqualTo("{\"on\":true}");
    assertThat(event.getUserId()).isEqualTo("ann");
    proves("client events", CLIENT);
  }

  @Test
  void aBatchReachesEveryChannelOfIt() throws Exception {
    var client = client("ann");
    var open = client.joinPublic(room);
    var secret = client.joinEncrypted("private-encrypted-" + room);

    assertOk(
        application.trigger(
            List.of(
                new Event(room, "first", Map.of("n", 1)),
                new Event("private-encrypted-" + room, "second", Map.of("n", 2)))));

    assertThat(open.next().getData()).isEqualTo("{\"n\":1}");
    assertThat(secret.next().getData()).isEqualTo("{\"n\":2}");
    proves("batch", SDK);
  }

  @Test
  void theApplicationCanAskForUserCounts() throws Exception {
    client("ann").joinPresence("presence-" + room);
    client("ann").joinPresence("presence-" + room);
    client("ben").joinPresence("presence-" + room);

    var channel = get("/channels/presence-" + room, Map.of("info", "user_count"));
    var list =
        get("/channels", Map.of("info", "user_count", "filter_by_prefix", "presence-" + room));
    var users = get("/channels/presence-" + room + "/users", Map.of());

    assertThat(channel).hasToString("{\"occupied\":true,\"user_count\":2}");
    assertThat(list.getAsJsonObject("channels").getAsJsonObject("presence-" + room))
        .hasToString("{\"user_count\":2}");
    assertThat(users.getAsJsonArray("users")).hasSize(2);
    proves("channel queries", SDK);
    proves("users", SDK);
  }

  @Test
  void aChannelNameMayHaveEverySignThatIsAllowed() throws Exception {
    var name = "private-a@b,c;d=e.f";
    var subscription = client("ann").joinPrivate(name);

    assertThat(get("/channels/" + name, Map.of())).hasToString("{\"occupied\":true}");
    assertOk(application.trigger(name, "e", "x"));

    assertThat(subscription.next().getEventName()).isEqualTo("e");
  }

  @Test
  void anEventToAUserReachesTheUser() throws Exception {
    var ann = client("ann-" + room).signIn();
    var event = "{\"name\":\"paid\",\"channel\":\"#server-to-user-ann-%s\",\"data\":\"7\"}";

    // The server SDK for Java refuses the name of a user's channel.
    assertOk(application.post("/events", event.formatted(room)));

    assertThat(ann.next().getData()).isEqualTo("7");
    Compatibility.proves("sign-in", Compatibility.CLIENT);
    Compatibility.proves("user events", Compatibility.CLIENT);
  }

  @Test
  void theApplicationSaysAndAsksHowAUserIs() throws Exception {
    var path = "/users/ann-" + room + "/status";
    var ann = client("ann-" + room).joinPresence("presence-" + room);

    assertOk(application.post(path, "{\"status\":\"busy\",\"custom_message\":\"In a call\"}"));

    var update = ann.nextStatus();
    while (update.contains("\"online\",\"custom")) {
      update = ann.nextStatus(); // coming online may be told before
    }
    assertThat(update).contains("\"status\":\"busy\"", "\"cause\":\"manual\"");
    var user = get(path, Map.of());
    assertThat(user.get("custom_message").getAsString()).isEqualTo("In a call");
    assertThat(get("/statuses", Map.of("user_ids", "nobody,ann-" + room, "status", "busy")))
        .hasToString("{\"statuses\":[" + user + "]}");
    proves("status", CLIENT);
    proves("user status", SDK);
  }

  @Test
  void aTerminatedUserIsDisconnected() throws Exception {
    var ann = client("ann-" + room);
    ann.joinPresence("presence-" + room);
    var ben = client("ben").joinPublic(room);

    assertOk(application.post("/users/ann-" + room + "/terminate_connections", "{}"));
    ann.awaitDisconnected();

    assertOk(application.trigger(room, "last", "x"));
    assertThat(ben.next().getEventName()).isEqualTo("last");
    Compatibility.proves("terminate", Compatibility.SDK);
  }

  @Test
  void aWrongSecretIsRefused() throws Exception {
    try (var stranger =
        new com.pusher.rest.Pusher(Product.APP_ID, Product.APP_KEY, "wrong secret")) {
      stranger.setHost("127.0.0.1:" + product.port());
      stranger.setEncrypted(false);

      assertThat(stranger.trigger(room, "e", "x").getHttpStatus()).isEqualTo(401);
    }
    proves("errors", SDK);
  }

  @Test
  void aRefusedSubscriptionIsReportedAndTheConnectionStays() throws Exception {
    try (var stranger =
            new com.pusher.rest.Pusher(Product.APP_ID, Product.APP_KEY, "wrong secret");
        var client = new JavaClient(product, stranger, "ann")) {

      assertThat(client.refusalOf("private-" + room)).contains("Invalid signature");

      var open = client.joinPublic(room);
      assertOk(application.trigger(List.of(room, "private-" + room), "last", "x"));
      assertThat(open.next().getEventName()).isEqualTo("last");
    }
    proves("refusals", CLIENT);
  }

  private JavaClient client(String userId) {
    var client = new JavaClient(product, application, userId);
    clients.add(client);
    return client;
  }

  private static JsonObject get(String path, Map<String, String> parameters) {
    var result = application.get(path, parameters);
    assertOk(result);
    return JsonParser.parseString(result.getMessage()).getAsJsonObject();
  }

  private static void assertOk(Result result) {
    assertThat(result.getHttpStatus()).as(result.getMessage()).isEqualTo(200);
  }
}
