package dev.carillon.server.session;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserData;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Subscription;
import dev.carillon.server.connection.Connection;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of one connection, whatever carries it.
 *
 * <p>Confined to its connection's event loop: what the broker or the presence answers later comes
 * back there.
 */
public final class Session implements ClientEvent.Handler {
  private static final int MAX_CHANNELS = 10_000;
  private static final String RATE_EXCEEDED = "Rate limit exceeded";
  private static final ServerEvent PONG = new ServerEvent.Pong();

  private final Connection connection;
  private final Hub hub;
  private final ChannelAuthorizer authorizer;
  private final ClientMessagePolicy policy;
  private final @Nullable MessageRate messageRate;
  private final @Nullable InetAddress address;
  private final Map<ChannelName, Subscription> subscriptions = new HashMap<>(2);
  private @Nullable SignedIn signedIn;
  private @Nullable KnownUsers known;
  private int waitedSeconds;
  private boolean authorized;

  /**
   * A session.
   *
   * @param messageRate null where the app has no limit
   * @param address the client's; null where failed signatures are not limited
   */
  Session(
      Connection connection,
      Hub hub,
      ChannelAuthorizer authorizer,
      ClientMessagePolicy policy,
      @Nullable MessageRate messageRate,
      @Nullable InetAddress address) {
    this.connection = connection;
    this.hub = hub;
    this.authorizer = authorizer;
    this.policy = policy;
    this.messageRate = messageRate;
    this.address = address;
  }

  /** Tells the client its socket id: the first frame. */
  void open() {
    connection.send(
        new ServerEvent.ConnectionEstablished(
            connection.socketId(), hub.app().activityTimeout().toSeconds()));
  }

  /** Counts a message that came in; whether it may be handled. If not, that is answered. */
  public boolean admits() {
    if (messageRate == null || messageRate.take()) {
      return true;
    }
    hub.metrics().rateLimited();
    refuse(ProtocolException.clientEventRefused(RATE_EXCEEDED));
    if (hub.app().rateLimiting().terminateOnLimit()) {
      // Not with 4301: clients would never come back.
      connection.close(ErrorCode.OVER_CAPACITY.code(), RATE_EXCEEDED);
    }
    return false;
  }

  /** Answers a mistake; the connection stays. */
  public void refuse(ProtocolException mistake) {
    hub.metrics().refused(mistake.code().map(code -> code.code()).orElse(0));
    connection.send(ServerEvent.Failure.of(mistake));
  }

  @Override
  public void ping(ClientEvent.Ping event) {
    connection.send(PONG);
  }

  @Override
  public void statusSet(ClientEvent.StatusSet event) {
    new StatusEvents(this, connection, hub, policy, known).set(event);
  }

  @Override
  public void statusActivity(ClientEvent.StatusActivity event) {
    new StatusEvents(this, connection, hub, policy, known).activity();
  }

  @Override
  public void pong(ClientEvent.Pong event) {
    // It was heard: that is all a pong is for.
  }

  @Override
  public void unknown(ClientEvent.Unknown event) {
    // Newer clients may send what is not known here.
  }

  @Override
  public void signin(ClientEvent.Signin event) {
    try {
      UserData user = authorizer.signIn(hub.app(), connection.socketId(), address, event);
      if (signedIn == null) {
        signedIn = new SignedIn(this, connection, hub, user);
      }
      signedIn.confirm(user, event.userData());
    } catch (ProtocolException mistake) {
      refuse(mistake);
    }
  }

  /** Nobody is signed in any more. */
  void signedOut() {
    if (signedIn != null) {
      signedIn.end();
      if (known != null) {
        known.signedOut(signedIn.user().id());
      }
      signedIn = null;
    }
  }

  /** The app has signed for a user: the connection may stay, and is a device of the user. */
  void authorized(UserData user) {
    authorized = true;
    if (hub.statuses().enabled()) {
      knownUsers().signedIn(user.id(), user.userInfo());
    }
  }

  /** Made when first needed: of most connections nobody knows whose they are. */
  private KnownUsers knownUsers() {
    KnownUsers existing = known;
    if (existing == null) {
      existing = new KnownUsers(hub, connection.socketId(), policy.nanoTime());
      known = existing;
    }
    return existing;
  }

  /**
   * Called once a second: ends a connection that the app has not signed anything for within {@code
   * signin_timeout}, and writes activity that has waited.
   */
  public void tick() {
    if (known != null) {
      known.tick();
    }
    long seconds = hub.app().signinTimeout().toSeconds();
    // The first tick may come at once, so one more than the seconds are waited for.
    if (seconds > 0 && !authorized && ++waitedSeconds == seconds + 1) {
      hub.metrics().refused(ErrorCode.UNAUTHORIZED.code());
      connection.refuse(ErrorCode.UNAUTHORIZED, "Connection not authorized within timeout");
    }
  }

  @Override
  public void subscribe(ClientEvent.Subscribe event) {
    try {
      ChannelName name = hub.app().channel(event.channel());
      UserData user = signedIn == null ? null : signedIn.user();
      Member member =
          authorizer.authorize(hub.app(), connection.socketId(), address, name, event, user);
      Subscription existing = subscriptions.get(name);
      if (name.type() == ChannelType.USER) {
        // The user's events come since the sign-in: there is nothing to subscribe to.
        connection.send(new ServerEvent.SubscriptionSucceeded(name));
      } else if (existing == null) {
        join(event, name, member);
      } else if (existing.live()) {
        existing.hold();
        settle(event, existing, Welcome.again(hub, existing));
      }
    } catch (ProtocolException mistake) {
      refuseSubscription(event.channel(), mistake);
    } catch (UnavailableException full) {
      refuseSubscription(event.channel(), Completions.mistake("Subscribing", full));
    }
  }

  private void join(ClientEvent.Subscribe event, ChannelName name, @Nullable Member member) {
    if (subscriptions.size() == MAX_CHANNELS) {
      throw ProtocolException.limit(
          "Too many channels: this connection has " + MAX_CHANNELS + ", as many as it may");
    }
    Subscription subscription = hub.subscribe(connection, name, member);
    subscriptions.put(subscription.channel().name(), subscription);
    settle(event, subscription, Welcome.to(hub, connection.socketId(), subscription));
  }

  /** Acknowledges, or refuses, once it is known who is in; on this loop. */
  private void settle(
      ClientEvent.Subscribe event, Subscription subscription, CompletionStage<Welcome> stage) {
    Completions.on(
        connection.loop(),
        stage,
        (welcome, failure) -> {
          if (subscription.over()) {
            leaveUnlessBack(subscription);
          } else if (welcome != null) {
            authorized |= subscription.channel().name().type().signed();
            welcome.acknowledge(hub, subscription);
            subscribed(subscription);
          } else {
            drop(subscription);
            leave(subscription);
            refuseSubscription(event.channel(), Completions.mistake("Subscribing", failure));
          }
        });
  }

  private void subscribed(Subscription subscription) {
    Member member = subscription.member();
    if (known != null || (member != null && hub.statuses().enabled())) {
      knownUsers().subscribed(member, subscription.channel().name());
    }
  }

  /** The same member may have subscribed again meanwhile, and is in by that. */
  private void leaveUnlessBack(Subscription subscription) {
    Subscription now = subscriptions.get(subscription.channel().name());
    Member before = subscription.member();
    Member member = now == null ? null : now.member();
    if (before == null || member == null || !before.userId().equals(member.userId())) {
      leave(subscription);
    }
  }

  private void refuseSubscription(String channel, ProtocolException mistake) {
    // The Java client would try to decrypt any frame of an encrypted channel: it gets the error
    // alone.
    if (!channel.startsWith("private-encrypted-")) {
      connection.send(
          new ServerEvent.SubscriptionError(
              channel, mistake.kind().type(), mistake.text(), mistake.kind().status()));
    }
    refuse(mistake);
  }

  @Override
  public void unsubscribe(ClientEvent.Unsubscribe event) {
    Subscription subscription = subscription(event.channel());
    if (subscription != null) {
      if (subscription.live()) {
        leave(subscription);
      }
      drop(subscription);
    }
  }

  /** By the name as it came: one that is not valid has no subscription. */
  private @Nullable Subscription subscription(String channel) {
    for (Subscription subscription : subscriptions.values()) {
      if (subscription.channel().name().value().equals(channel)) {
        return subscription;
      }
    }
    return null;
  }

  @Override
  public void clientMessage(ClientEvent.ClientMessage event) {
    try {
      ChannelName name = hub.app().channel(event.channel());
      new ClientMessages(this, connection, hub, policy).send(event, name, subscriptions.get(name));
      if (known != null) {
        known.active();
      }
    } catch (ProtocolException mistake) {
      refuse(mistake);
    }
  }

  /** Leaves all channels and signs out: the connection has ended. */
  public void closed() {
    if (known != null) {
      known.closed();
    }
    signedOut();
    for (Subscription subscription : subscriptions.values()) {
      if (subscription.live()) {
        leave(subscription);
      }
      hub.unsubscribe(connection, subscription);
    }
    subscriptions.clear();
    hub.disconnected();
  }

  private void drop(Subscription subscription) {
    subscriptions.remove(subscription.channel().name());
    hub.unsubscribe(connection, subscription);
  }

  private void leave(Subscription subscription) {
    Member member = subscription.member();
    if (member != null) {
      if (known != null) {
        known.left(member, subscription.channel().name());
      }
      hub.presence().leave(subscription.channel().topic(), connection.socketId(), member.userId());
    }
  }
}
