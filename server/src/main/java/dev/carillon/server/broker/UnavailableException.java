package dev.carillon.server.broker;

/** What nodes share cannot be reached now; it may be tried again. */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnavailableException(String message) {
    super(message, null, false, false);
  }
}
