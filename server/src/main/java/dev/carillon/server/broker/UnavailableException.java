package dev.carillon.server.broker;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What nodes share cannot be reached now; it may be tried again. The message goes to whoever asked.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnavailableException(String message) {
    super(message, null, false, false);
  }

  /** The one that a stage has failed with, if it is one; bare or wrapped. */
  public static @Nullable UnavailableException in(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof UnavailableException unavailable ? unavailable : null;
  }

  /** The text for whoever asked. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
