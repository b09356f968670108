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
import org.jspecify.annotations.Nullable;

/**
 * The protocol of one connection, whatever carries it.
 *
 * <p>Confined to its connection's event loop: what the broker or the presence answers later comes
 * back there.
 */
public final class Session implements ClientEvent.Handler {
  private static final String RATE_EXCEEDED = "Rate limit exceeded";
  private static final ServerEvent PONG = new ServerEvent.Pong();

  private final Connection connection;
  private final Hub hub;
  private final ChannelAuthorizer authorizer;
  private final ClientMessagePolicy policy;
  private final @Nullable MessageRate messageRate;
  private final @Nullable InetAddress address;
  private final Subscriptions subscriptions;
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
    this.subscriptions = new Subscriptions(this, connection, hub);
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
      if (name.type() == ChannelType.USER) {
        // The user's events come since the sign-in: there is nothing to subscribe to.
        connection.send(new ServerEvent.SubscriptionSucceeded(name));
      } else {
        subscriptions.join(event, name, member);
      }
    } catch (ProtocolException mistake) {
      subscriptions.refuse(event.channel(), mistake);
    } catch (UnavailableException full) {
      subscriptions.refuse(event.channel(), Completions.mistake("Subscribing", full));
    }
  }

  /** A subscription is about to be acknowledged. */
  void joining(Subscription subscription) {
    authorized |= subscription.channel().name().type().signed();
  }

  /** A subscription was acknowledged. */
  void joined(Subscription subscription) {
    Member member = subscription.member();
    if (known != null || (member != null && hub.statuses().enabled())) {
      knownUsers().subscribed(member, subscription.channel().name());
    }
  }

  /** A member is not in a presence channel any more. */
  void left(Member member, ChannelName presence) {
    if (known != null) {
      known.left(member, presence);
    }
  }

  @Override
  public void unsubscribe(ClientEvent.Unsubscribe event) {
    subscriptions.leave(event.channel());
  }

  @Override
  public void clientMessage(ClientEvent.ClientMessage event) {
    try {
      ChannelName name = hub.app().channel(event.channel());
      new ClientMessages(this, connection, hub, policy).send(event, name, subscriptions.of(name));
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
    subscriptions.closed();
    hub.disconnected();
  }
}
