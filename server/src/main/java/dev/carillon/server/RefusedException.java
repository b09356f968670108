package dev.carillon.server;

import java.io.IOException;

/** A server that may not serve as it is configured, beside the nodes that are there. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }
}
