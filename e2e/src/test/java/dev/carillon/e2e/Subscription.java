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
  private final Inbox<String> acknowledgements;
  private final Inbox<String> members;
  private final Inbox<PusherEvent> events;
  private final Inbox<String> statuses;
  private final Inbox<String> failures;
  private volatile @Nullable Channel channel;

  Subscription(String name) {
    acknowledgements = new Inbox<>(name + " (acknowledgements)");
    members = new Inbox<>(name + " (members)");
    events = new Inbox<>(name);
    statuses = new Inbox<>(name + " (statuses)");
    failures = new Inbox<>(name + " (failures)");
  }

  void channel(Channel subscribed) {
    channel = subscribed;
    subscribed.bindGlobal(this);
  }

  Subscription awaitSucceeded() throws InterruptedException {
    acknowledgements.next();
    return this;
  }

  PusherEvent next() throws InterruptedException {
    return events.next();
  }

  /** What is told next of how somebody is; that is no other event. */
  String nextStatus() throws InterruptedException {
    return statuses.next();
  }

  /** {@code here: [ids]}, {@code joined: id} and {@code left: id} of a presence channel. */
  String nextOfMembers() throws InterruptedException {
    return members.next();
  }

  /** Sends a client event. */
  void trigger(String event, String data) {
    ((PrivateChannel) Objects.requireNonNull(channel)).trigger(event, data);
  }

  boolean hasEvents() {
    return !events.isEmpty();
  }

  boolean hasFailed() {
    return !failures.isEmpty();
  }

  /** A refusal, an error, or {@code event: reason} of what could not be decrypted. */
  String nextFailure() throws InterruptedException {
    return failures.next();
  }

  @Override
  public void onSubscriptionSucceeded(String name) {
    acknowledgements.put(name);
  }

  @Override
  public void onEvent(PusherEvent event) {
    // its protocol events come through the other methods
    if (event.getEventName().equals("user.status.updated")) {
      statuses.put(event.getData());
    } else if (!event.getEventName().startsWith("pusher")) {
      events.put(event);
    }
  }

  @Override
  public void onUsersInformationReceived(String name, Set<User> users) {
    members.put("here: " + users.stream().map(User::getId).collect(toCollection(TreeSet::new)));
  }

  @Override
  public void userSubscribed(String name, User user) {
    members.put("joined: " + user.getId() + " " + user.getInfo());
  }

  @Override
  public void userUnsubscribed(String name, User user) {
    members.put("left: " + user.getId());
  }

  @Override
  public void onAuthenticationFailure(String message, @Nullable Exception cause) {
    failures.put(message);
  }

  @Override
  public void onDecryptionFailure(String event, String reason) {
    failures.put(event + ": " + reason);
  }

  @Override
  public void onError(String message, @Nullable Exception cause) {
    failures.put(message);
  }
}
