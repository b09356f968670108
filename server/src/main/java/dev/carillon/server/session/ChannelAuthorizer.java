package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ChannelData;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.UserData;
import dev.carillon.server.app.App;
import dev.carillon.server.limit.FailedSignatures;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a connection may join a channel, and as whom; and who signs in.
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
   * @param user who is signed in, if anybody is: the member where there is no channel data, and the
   *     only one who may subscribe to the user's own channel
   * @return who joins; on presence channels only
   * @throws ProtocolException if the connection may not join
   */
  @Nullable Member authorize(
      App app,
      SocketId socket,
      @Nullable InetAddress address,
      ChannelName channel,
      ClientEvent.Subscribe event,
      @Nullable UserData user) {
    if (channel.type() == ChannelType.USER
        && (user == null || !user.id().value().equals(channel.user()))) {
      throw ProtocolException.unauthorized(
          "Only the user who is signed in may subscribe to " + channel);
    }
    if (!channel.type().signed()) {
      return null;
    }
    verify(
        address,
        () ->
            ChannelAuth.verify(
                app.credentials(), socket, channel, event.auth(), event.channelData()));
    return channel.type() == ChannelType.PRESENCE ? member(app, channel, event, user) : null;
  }

  /** Verifies a signature, unless too many from that address were wrong before. */
  private void verify(@Nullable InetAddress address, Runnable signature) {
    if (address == null) {
      signature.run();
      return;
    }
    int wait = failedSignatures.waitSeconds(address);
    if (wait > 0) {
      throw ProtocolException.limit(FailedSignatures.text(wait));
    }
    try {
      signature.run();
    } catch (ProtocolException mistake) {
      failedSignatures.count(address, mistake);
      throw mistake;
    }
  }

  private Member member(
      App app, ChannelName channel, ClientEvent.Subscribe event, @Nullable UserData user) {
    String data = event.channelData();
    if (data != null && !data.isEmpty()) {
      return ChannelData.member(data, app.maxPresenceInfoBytes());
    }
    if (user != null) {
      return new Member(user.id(), user.userInfo());
    }
    throw ProtocolException.invalid(
        "Missing channel_data: " + channel + " needs a user_id, or a user who is signed in");
  }

  /**
   * Checks a sign-in's signature and data.
   *
   * @throws ProtocolException if the user may not sign in
   */
  UserData signIn(
      App app, SocketId socket, @Nullable InetAddress address, ClientEvent.Signin event) {
    verify(
        address, () -> UserAuth.verify(app.credentials(), socket, event.auth(), event.userData()));
    return UserData.parse(event.userData(), app.maxPresenceInfoBytes());
  }
}
