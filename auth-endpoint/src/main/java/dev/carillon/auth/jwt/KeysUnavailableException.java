package dev.carillon.auth.jwt;

/** The identity provider's keys cannot be had, so no token can be judged. */
public final class KeysUnavailableException extends RuntimeException {
  KeysUnavailableException() {
    super("the identity provider's keys cannot be fetched", null, false, false);
  }
}
