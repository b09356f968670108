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
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a connection may join a channel, and as whom.
 *
 * <p>Thread-safe.
 */
final class ChannelAuthorizer {
  /**
   * Checks a subscription's signature and data.
   *
   * @return who joins; on presence channels only
   * @throws ProtocolException if the connection may not join
   */
  @Nullable Member authorize(
      App app, SocketId socket, ChannelName channel, ClientEvent.Subscribe event) {
    if (channel.type() == ChannelType.USER) {
      throw ProtocolException.unauthorized(
          "Only the user who is signed in may subscribe to " + channel);
    }
    if (!channel.type().signed()) {
      return null;
    }
    ChannelAuth.verify(app.credentials(), socket, channel, event.auth(), event.channelData());
    return channel.type() == ChannelType.PRESENCE ? member(app, channel, event) : null;
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
