package dev.carillon.auth.status;

/** A call to the Carillon server that did not go well. Quiet: its kind says all there is. */
public final class StatusApiException extends RuntimeException {
  /** What became of the call. */
  public enum Kind {
    /** 400: the server does not take what was sent; the text says why, for people. */
    REFUSED,
    /** 404: there is no such thing. */
    NOT_FOUND,
    /** It cannot be reached, or does not serve at the moment. */
    AWAY,
    /** It answers what it should not. */
    FAILED
  }

  private final Kind kind;

  StatusApiException(Kind kind, String text) {
    super(text, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
