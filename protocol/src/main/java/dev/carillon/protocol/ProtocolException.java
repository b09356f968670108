package dev.carillon.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A peer's mistake: expected, answered, and cheap (it has no stack trace). The message names what
 * was got and what is allowed; it goes to the peer, so it never carries a secret or an expected
 * signature.
 */
public final class ProtocolException extends RuntimeException {
  /**
   * What kind of subscription refusal it is: the {@code type} of {@code pusher:subscription_error}.
   */
  public enum Kind {
    /** A frame or request that is not of the protocol's form. */
    INVALID("InvalidData", 400),
    /** A channel name that cannot be. */
    CHANNEL_NAME("ChannelNameInvalid", 400),
    /** A signature that is missing or wrong. */
    AUTH("AuthError", 401),
    /** A limit was reached. */
    LIMIT("LimitReached", 4100),
    /** An event whose data is too large for the HTTP API. */
    TOO_LARGE("LimitReached", 413),
    /** Something that is named is not there. */
    NOT_FOUND("NotFound", 404),
    /** No mistake: it cannot be done now, and may be tried again. */
    UNAVAILABLE("Unavailable", 503);

    private final String type;
    private final int status;

    Kind(String type, int status) {
      this.type = type;
      this.status = status;
    }

    /** The {@code type} in {@code pusher:subscription_error}. */
    public String type() {
      return type;
    }

    /** The {@code status} in {@code pusher:subscription_error}. */
    public int status() {
      return status;
    }
  }

  private final Kind kind;
  private final @Nullable ErrorCode code;

  private ProtocolException(Kind kind, @Nullable ErrorCode code, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.code = code;
  }

  /** A frame or request that is not of the protocol's form. */
  public static ProtocolException invalid(String message) {
    return new ProtocolException(Kind.INVALID, null, message);
  }

  /** A channel name that cannot be. */
  public static ProtocolException invalidChannel(String message) {
    return new ProtocolException(Kind.CHANNEL_NAME, null, message);
  }

  /** A signature that is missing or wrong. */
  public static ProtocolException unauthorized(String message) {
    return new ProtocolException(Kind.AUTH, null, message);
  }

  /** A limit was reached. */
  public static ProtocolException limit(String message) {
    return new ProtocolException(Kind.LIMIT, null, message);
  }

  /** An event whose data is too large for the HTTP API. */
  public static ProtocolException tooLarge(String message) {
    return new ProtocolException(Kind.TOO_LARGE, null, message);
  }

  /** Something that is named is not there. */
  public static ProtocolException notFound(String message) {
    return new ProtocolException(Kind.NOT_FOUND, null, message);
  }

  /** It cannot be done now, and may be tried again. */
  public static ProtocolException unavailable(String message) {
    return new ProtocolException(Kind.UNAVAILABLE, null, message);
  }

  /** A client event that is refused with {@link ErrorCode#CLIENT_EVENT_REFUSED}. */
  public static ProtocolException clientEventRefused(String message) {
    return new ProtocolException(Kind.LIMIT, ErrorCode.CLIENT_EVENT_REFUSED, message);
  }

  /** A watchlist of which a part is watched, with {@link ErrorCode#WATCHLIST_TOO_LONG}. */
  public static ProtocolException watchlistTooLong(String message) {
    return new ProtocolException(Kind.LIMIT, ErrorCode.WATCHLIST_TOO_LONG, message);
  }

  public Kind kind() {
    return kind;
  }

  /**
   * The code of the {@code pusher:error} frame; none means {@code null} in the frame: nothing
   * closes.
   */
  public Optional<ErrorCode> code() {
    return Optional.ofNullable(code);
  }

  /** The text for the peer. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
