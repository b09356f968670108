package dev.carillon.protocol.auth;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies a subscription to a private or presence channel.
 *
 * <p>Signed string: {@code <socket id>:<channel>}, or {@code <socket id>:<channel>:<channel data>}
 * where there is channel data, whatever the channel's type, byte for byte as it was sent. {@code
 * auth} is {@code <key>:<64 hex digits>}. Source: docs/PROTOCOL.md, "Signatures".
 */
public final class ChannelAuth {
  private ChannelAuth() {}

  /** The {@code auth} for that subscription. Empty channel data counts as none. */
  public static String sign(
      Credentials credentials, SocketId socket, ChannelName channel, @Nullable String channelData) {
    return credentials.auth(toSign(socket, channel, channelData));
  }

  /**
   * Verifies the {@code auth} of a {@code pusher:subscribe}, in constant time.
   *
   * @throws ProtocolException of kind AUTH if it is missing, of another key, or the signature does
   *     not match
   */
  public static void verify(
      Credentials credentials,
      SocketId socket,
      ChannelName channel,
      @Nullable String auth,
      @Nullable String channelData) {
    if (auth == null || auth.isEmpty()) {
      throw ProtocolException.unauthorized("Auth info required to subscribe to " + channel);
    }
    String toSign = toSign(socket, channel, channelData);
    Signatures.verifyKeyed(credentials, auth, toSign, "subscription auth data");
  }

  private static String toSign(SocketId socket, ChannelName channel, @Nullable String channelData) {
    String signed = socket.value() + ":" + channel.value();
    return channelData == null || channelData.isEmpty() ? signed : signed + ":" + channelData;
  }
}
