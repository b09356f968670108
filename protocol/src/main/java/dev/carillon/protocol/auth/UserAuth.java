package dev.carillon.protocol.auth;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.SocketId;

/**
 * Signs and verifies a user's sign-in.
 *
 * <p>Signed string: {@code <socket id>::user::<user data>}, byte for byte as it was sent; {@code
 * auth} is {@code <key>:<64 hex digits>}. Source: docs/PROTOCOL.md, "Signatures".
 */
public final class UserAuth {
  private UserAuth() {}

  /** The {@code auth} for signing that user in on that connection. */
  public static String sign(Credentials credentials, SocketId socket, String userData) {
    return credentials.auth(toSign(socket, userData));
  }

  /**
   * Verifies the {@code auth} of a {@code pusher:signin}, in constant time.
   *
   * @throws ProtocolException of kind AUTH if it is of another key, or the signature does not match
   */
  public static void verify(
      Credentials credentials, SocketId socket, String auth, String userData) {
    Signatures.verifyKeyed(credentials, auth, toSign(socket, userData), "signin auth data");
  }

  private static String toSign(SocketId socket, String userData) {
    return socket.value() + "::user::" + userData;
  }
}
