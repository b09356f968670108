package dev.carillon.protocol.channel;

/**
 * What kind of channel a name stands for. The kind follows from the exact prefix, dash included:
 * {@code privateer} and {@code my-private-x} are public. Source: docs/PROTOCOL.md, "Channels".
 */
public enum ChannelType {
  /** Open to everybody. */
  PUBLIC(false, false),
  /** {@code private-}: the app signs each subscription. */
  PRIVATE(true, true),
  /** {@code private-encrypted-}: as private; the payload is opaque to the server. */
  ENCRYPTED(true, false),
  /** {@code presence-}: as private, and the subscribers see one another. */
  PRESENCE(true, true),
  /** {@code #server-to-user-}: events to one signed-in user. */
  USER(false, false);

  private final boolean signed;
  private final boolean clientEvents;

  ChannelType(boolean signed, boolean clientEvents) {
    this.signed = signed;
    this.clientEvents = clientEvents;
  }

  /** Whether a subscription needs the app's signature. */
  public boolean signed() {
    return signed;
  }

  /** Whether its subscribers may send client events, if the app allows them. */
  public boolean clientEvents() {
    return clientEvents;
  }

  static ChannelType of(String name) {
    if (name.startsWith("private-encrypted-")) {
      return ENCRYPTED;
    }
    if (name.startsWith("private-")) {
      return PRIVATE;
    }
    if (name.startsWith("presence-")) {
      return PRESENCE;
    }
    return name.startsWith(ChannelName.USER_PREFIX) ? USER : PUBLIC;
  }
}
