package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.server.app.App;
import dev.carillon.server.config.ClientEventsFrom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a connection may send a client event, or say how its user is.
 *
 * <p>Confined to the connection's event loop.
 */
final class ClientMessagePolicy {
  private static final int MAX_EVENT_LENGTH = 200;
  private static final int MAX_DATA_BYTES = 10_240;

  private final App app;
  private final LongSupplier nanoTime;
  private @Nullable TokenBucket bucket;

  ClientMessagePolicy(App app, LongSupplier nanoTime) {
    this.app = app;
    this.nanoTime = nanoTime;
  }

  /** By what its rates are measured. */
  LongSupplier nanoTime() {
    return nanoTime;
  }

  /**
   * Checks a client event.
   *
   * @param subscribed whether the connection's subscription to the channel was acknowledged
   * @throws ProtocolException if it may not be sent
   */
  void check(ClientEvent.ClientMessage event, ChannelName channel, boolean subscribed) {
    if (app.clientEventsFrom() == ClientEventsFrom.NONE) {
      throw ProtocolException.clientEventRefused("The app does not have client messaging enabled.");
    }
    if (event.event().length() > MAX_EVENT_LENGTH) {
      throw ProtocolException.clientEventRefused(
          "Event name is too long. Maximum allowed size is " + MAX_EVENT_LENGTH + ".");
    }
    if (!allowed(channel.type())) {
      throw ProtocolException.invalid(
          "Client event rejected - only supported on private and presence channels");
    }
    if (!subscribed) {
      throw ProtocolException.invalid("The client is not a member of the specified channel.");
    }
    RawJson data = event.data();
    if (data != null && data.contentLength() > MAX_DATA_BYTES) {
      throw ProtocolException.invalid(
          "The data content of this event exceeds the allowed maximum ("
              + MAX_DATA_BYTES
              + " bytes), got "
              + data.contentLength()
              + " bytes");
    }
    take();
  }

  /**
   * Checks that a client may say how its user is.
   *
   * @throws ProtocolException if it may not
   */
  void checkStatus() {
    if (!app.status().enabled()) {
      throw ProtocolException.clientEventRefused("The app does not have user status enabled.");
    }
    if (!app.status().fromClients()) {
      throw ProtocolException.clientEventRefused("The app does not let clients set a status.");
    }
    take();
  }

  private void take() {
    if (!bucket().take()) {
      throw ProtocolException.clientEventRefused("Client event rejected due to rate limit");
    }
  }

  private boolean allowed(ChannelType type) {
    return type.clientEvents()
        || (type == ChannelType.PUBLIC && app.clientEventsFrom() == ClientEventsFrom.ALL);
  }

  /** Made when first needed: most connections never send. */
  private TokenBucket bucket() {
    TokenBucket existing = bucket;
    if (existing == null) {
      existing = new TokenBucket(app.clientEventsPerSecond(), nanoTime);
      bucket = existing;
    }
    return existing;
  }
}
