package dev.carillon.protocol;

/**
 * Pusher's codes. 4000–4299 close a connection, and the hundred says what official clients do then;
 * 43xx stand in error frames only. Source: docs/PROTOCOL.md, "Codes".
 */
public enum ErrorCode {
  /** The app takes TLS connections only; clients come back by {@code wss}. */
  TLS_REQUIRED(4000),
  /** No app has that key; clients give up. */
  APP_UNKNOWN(4001),
  /** The app is switched off; clients give up. */
  APP_DISABLED(4003),
  /** The app has as many connections as it may; clients give up. */
  OVER_QUOTA(4004),
  /** The path names no app; clients give up. */
  PATH_NOT_FOUND(4005),
  /** The protocol version is not spoken here; clients give up. */
  UNSUPPORTED_PROTOCOL(4007),
  /**
   * The connection may not be (origin, not signed in in time, terminated by the app); clients give
   * up.
   */
  UNAUTHORIZED(4009),
  /** Not now: draining, or the client does not read; clients come back after a second. */
  OVER_CAPACITY(4100),
  /**
   * Come back at once. Never before {@code connection_established}: pusher-js would loop without a
   * delay.
   */
  RECONNECT(4200),
  /** Nothing was heard of the client; it may come back at once. */
  PONG_MISSING(4201),
  /** A client event was refused; frames only, the connection stays. */
  CLIENT_EVENT_REFUSED(4301),
  /** A watchlist was too long, its first ids are watched; frames only, the connection stays. */
  WATCHLIST_TOO_LONG(4302);

  private final int code;

  ErrorCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
