package dev.carillon.protocol.channel;

import org.jspecify.annotations.Nullable;

/**
 * What kind of channel a name stands for. The kind follows from the exact prefix, dash included:
 * {@code privateer} and {@code my-private-x} are public. Source: docs/PROTOCOL.md, "Channels".
 */
public enum ChannelType {
  /** Open to everybody. */
  PUBLIC(false, false, "cache-"),
  /** {@code private-}: the app signs each subscription. */
  PRIVATE(true, true, "private-cache-"),
  /** {@code private-encrypted-}: as private; the payload is opaque to the server. */
  ENCRYPTED(true, false, "private-encrypted-cache-"),
  /** {@code presence-}: as private, and the subscribers see one another. */
  PRESENCE(true, true, "presence-cache-"),
  /** {@code #server-to-user-}: events to one signed-in user. */
  USER(false, false, null);

  private final boolean signed;
  private final boolean clientEvents;
  private final @Nullable String cachePrefix;

  ChannelType(boolean signed, boolean clientEvents, @Nullable String cachePrefix) {
    this.signed = signed;
    this.clientEvents = clientEvents;
    this.cachePrefix = cachePrefix;
  }

  /** Whether a subscription needs the app's signature. */
  public boolean signed() {
    return signed;
  }

  /** Whether its subscribers may send client events, if the app allows them. */
  public boolean clientEvents() {
    return clientEvents;
  }

  /** Whether a channel of this type and that name keeps its last event. */
  boolean caches(String name) {
    return cachePrefix != null && name.startsWith(cachePrefix);
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
