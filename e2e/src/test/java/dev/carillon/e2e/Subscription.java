package dev.carillon.e2e;

import static java.util.stream.Collectors.toCollection;

import com.pusher.client.channel.Channel;
import com.pusher.client.channel.PresenceChannelEventListener;
import com.pusher.client.channel.PrivateChannel;
import com.pusher.client.channel.PrivateEncryptedChannelEventListener;
import com.pusher.client.channel.PusherEvent;
import com.pusher.client.channel.User;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What arrives on one channel of the Java client. Thread-safe. */
final class Subscription
    implements PresenceChannelEventListener, PrivateEncryptedChannelEventListener {
  static final String SUCCEEDED = "succeeded";

  private final Inbox<String> life;
  private final Inbox<PusherEvent> events;
  private final Inbox<String> failures;
  private volatile @Nullable Channel channel;

  Subscription(String name) {
    life = new Inbox<>(name + " (life)");
    events = new Inbox<>(name);
    failures = new Inbox<>(name + " (failures)");
  }

  void channel(Channel subscribed) {
    channel = subscribed;
    subscribed.bindGlobal(this);
  }

  Subscription awaitSucceeded() throws InterruptedException {
    life.nextThat(SUCCEEDED::equals, SUCCEEDED, Inbox.LIMIT);
    return this;
  }

  PusherEvent next() throws InterruptedException {
    return events.next();
  }

  /** {@code here: [ids]}, {@code joined: id} and {@code left: id} of a presence channel. */
  String nextOfLife() throws InterruptedException {
    return life.next();
  }

  /** Sends a client event. */
  void trigger(String event, String data) {
    ((PrivateChannel) Objects.requireNonNull(channel)).trigger(event, data);
  }

  boolean hasFailed() {
    return !failures.isEmpty();
  }

  @Override
  public void onSubscriptionSucceeded(String name) {
    life.put(SUCCEEDED);
  }

  @Override
  public void onEvent(PusherEvent event) {
    // its protocol events come through the other methods
    if (!event.getEventName().startsWith("pusher")) {
      events.put(event);
    }
  }

  @Override
  public void onUsersInformationReceived(String name, Set<User> users) {
    life.put("here: " + users.stream().map(User::getId).collect(toCollection(TreeSet::new)));
  }

  @Override
  public void userSubscribed(String name, User user) {
    life.put("joined: " + user.getId() + " " + user.getInfo());
  }

  @Override
  public void userUnsubscribed(String name, User user) {
    life.put("left: " + user.getId());
  }

  @Override
  public void onAuthenticationFailure(String message, @Nullable Exception cause) {
    failures.put(message);
  }

  @Override
  public void onDecryptionFailure(String event, String reason) {
    failures.put(reason);
  }

  @Override
  public void onError(String message, @Nullable Exception cause) {
    failures.put(message);
  }
}
