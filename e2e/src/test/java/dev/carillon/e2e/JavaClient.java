package dev.carillon.e2e;

import com.google.gson.JsonObject;
import com.pusher.client.PusherOptions;
import com.pusher.client.channel.PusherEvent;
import com.pusher.client.connection.ConnectionEventListener;
import com.pusher.client.connection.ConnectionState;
import com.pusher.client.connection.ConnectionStateChange;
import com.pusher.rest.SignatureUtil;
import com.pusher.rest.data.PresenceUser;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connected pusher-websocket-java client of one user, authorized within the test. Thread-safe.
 */
final class JavaClient implements AutoCloseable {
  // the client waits n² seconds before its n-th attempt
  private static final Duration RECONNECT_LIMIT = Duration.ofSeconds(40);

  private final Inbox<ConnectionState> states = new Inbox<>("state");
  private final Inbox<String> errors = new Inbox<>("connection error");
  private final com.pusher.client.Pusher pusher;

  /**
   * @param application signs the subscriptions
   * @param userId goes into the presence channels
   */
  JavaClient(Product product, com.pusher.rest.Pusher application, String userId) {
    this(product, () -> application, userId);
  }

  /**
   * @param application signs the subscriptions; asked for each
   * @param userId goes into the presence channels
   */
  JavaClient(Product product, Supplier<com.pusher.rest.Pusher> application, String userId) {
    var options =
        new PusherOptions()
            .setHost("127.0.0.1")
            .setWsPort(product.port())
            .setUseTLS(false)
            .setChannelAuthorizer(
                (channel, socketId) ->
                    channel.startsWith("presence-")
                        ? application
                            .get()
                            .authenticate(
                                socketId,
                                channel,
                                new PresenceUser(userId, new UserInfo("name of " + userId)))
                        : application.get().authenticate(socketId, channel))
            .setUserAuthenticator(socketId -> signIn(socketId, userId));
    pusher = new com.pusher.client.Pusher(Product.APP_KEY, options);
    pusher.getConnection().bind(ConnectionState.ALL, new States());
  }

  Subscription joinPublic(String channel) throws InterruptedException {
    var subscription = new Subscription(channel);
    subscription.channel(pusher.subscribe(channel, subscription));
    return joined(subscription);
  }

  Subscription joinPrivate(String channel) throws InterruptedException {
    var subscription = new Subscription(channel);
    subscription.channel(pusher.subscribePrivate(channel, subscription));
    return joined(subscription);
  }

  Subscription joinEncrypted(String channel) throws InterruptedException {
    var subscription = new Subscription(channel);
    subscription.channel(pusher.subscribePrivateEncrypted(channel, subscription));
    return joined(subscription);
  }

  Subscription joinPresence(String channel) throws InterruptedException {
    var subscription = new Subscription(channel);
    subscription.channel(pusher.subscribePresence(channel, subscription));
    return joined(subscription);
  }

  // The client sends what was subscribed to before it connected once, and what was subscribed to
  // while its connected-listeners are still running twice: hence connected by the first join.
  private Subscription joined(Subscription subscription) throws InterruptedException {
    connect();
    return subscription.awaitSucceeded();
  }

  private void connect() throws InterruptedException {
    if (pusher.getConnection().getState() == ConnectionState.DISCONNECTED) {
      pusher.connect();
      awaitState(ConnectionState.CONNECTED, Inbox.LIMIT);
    }
  }

  /** Subscribes to what the server will refuse and gives the error that the connection reports. */
  String refusalOf(String channel) throws InterruptedException {
    var subscription = new Subscription(channel);
    if (channel.startsWith("private-encrypted-")) {
      pusher.subscribePrivateEncrypted(channel, subscription);
    } else {
      pusher.subscribePrivate(channel, subscription);
    }
    connect();
    return errors.next();
  }

  /** Signs the user in and waits until what is sent to the user arrives. */
  Inbox<PusherEvent> signIn() throws InterruptedException {
    var events = new Inbox<PusherEvent>("events to the user");
    pusher.user().bindGlobal(events::put);
    pusher.connect();
    pusher.signin();
    // The client has the id from the acknowledgement on, and tells nobody.
    var end = Instant.now().plus(Inbox.LIMIT);
    while (pusher.user().userId() == null) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("not signed in within " + Inbox.LIMIT);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return events;
  }

  // The server SDK for Java cannot sign users in.
  private static String signIn(String socketId, String userId) {
    var userData = new JsonObject();
    userData.addProperty("id", userId);
    var signed = socketId + "::user::" + userData;
    var answer = new JsonObject();
    answer.addProperty(
        "auth", Product.APP_KEY + ":" + SignatureUtil.sign(signed, Product.APP_SECRET));
    answer.addProperty("user_data", userData.toString());
    return answer.toString();
  }

  void awaitDisconnected() throws InterruptedException {
    awaitState(ConnectionState.DISCONNECTED, Inbox.LIMIT);
  }

  void leave(String channel) {
    pusher.unsubscribe(channel);
  }

  String socketId() {
    return pusher.getConnection().getSocketId();
  }

  boolean hasHadErrors() {
    return !errors.isEmpty();
  }

  void awaitReconnected() throws InterruptedException {
    awaitState(ConnectionState.CONNECTED, RECONNECT_LIMIT);
  }

  private void awaitState(ConnectionState state, Duration limit) throws InterruptedException {
    states.nextThat(state::equals, state.name(), limit);
  }

  @Override
  public void close() {
    pusher.disconnect();
  }

  /** Serialized by the SDK. */
  private record UserInfo(String name) {}

  private final class States implements ConnectionEventListener {
    @Override
    public void onConnectionStateChange(ConnectionStateChange change) {
      states.put(change.getCurrentState());
    }

    @Override
    public void onError(String message, @Nullable String code, @Nullable Exception cause) {
      errors.put(message + " " + code + " " + cause);
    }
  }
}
