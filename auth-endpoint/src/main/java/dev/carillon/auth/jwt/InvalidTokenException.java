package dev.carillon.auth.jwt;

/** A token that is not accepted. Quiet; its message says why, and shows nothing of the token. */
public final class InvalidTokenException extends RuntimeException {
  InvalidTokenException(String why) {
    super(why, null, false, false);
  }
}
