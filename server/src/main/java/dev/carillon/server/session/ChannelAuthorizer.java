package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ChannelData;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.Member;
import dev.carillon.server.app.App;
import dev.carillon.server.limit.FailedSignatures;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a connection may join a channel, and as whom.
 *
 * <p>Thread-safe.
 */
final class ChannelAuthorizer {
  private final FailedSignatures failedSignatures;

  ChannelAuthorizer(FailedSignatures failedSignatures) {
    this.failedSignatures = failedSignatures;
  }

  /**
   * Checks a subscription's signature and data.
   *
   * @param address the client's, where failures of one are limited; else null
   * @return who joins; on presence channels only
   * @throws ProtocolException if the connection may not join
   */
  @Nullable Member authorize(
      App app,
      SocketId socket,
      @Nullable InetAddress address,
      ChannelName channel,
      ClientEvent.Subscribe event) {
    if (channel.type() == ChannelType.USER) {
      throw ProtocolException.unauthorized(
          "Only the user who is signed in may subscribe to " + channel);
    }
    if (!channel.type().signed()) {
      return null;
    }
    if (address == null) {
      verify(app, socket, channel, event);
    } else {
      verifyWithin(address, app, socket, channel, event);
    }
    return channel.type() == ChannelType.PRESENCE ? member(app, channel, event) : null;
  }

  private static void verify(
      App app, SocketId socket, ChannelName channel, ClientEvent.Subscribe event) {
    ChannelAuth.verify(app.credentials(), socket, channel, event.auth(), event.channelData());
  }

  private void verifyWithin(
      InetAddress address,
      App app,
      SocketId socket,
      ChannelName channel,
      ClientEvent.Subscribe event) {
    int wait = failedSignatures.waitSeconds(address);
    if (wait > 0) {
      throw ProtocolException.limit(FailedSignatures.text(wait));
    }
    try {
      verify(app, socket, channel, event);
    } catch (ProtocolException mistake) {
      failedSignatures.count(address, mistake);
      throw mistake;
    }
  }

  private Member member(App app, ChannelName channel, ClientEvent.Subscribe event) {
    String data = event.channelData();
    if (data == null || data.isEmpty()) {
      throw ProtocolException.invalid(
          "Missing channel_data: " + channel + " needs a user_id to subscribe");
    }
    return ChannelData.member(data, app.maxPresenceInfoBytes());
  }
}
