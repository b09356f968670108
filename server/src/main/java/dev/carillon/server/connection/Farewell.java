package dev.carillon.server.connection;

/** What a client is told when the server goes away. */
public enum Farewell {
  /** This was the only server: official clients come back after some time. */
  GOING_AWAY(1001, "Server is shutting down"),
  /** Other nodes are there: official clients come back at once. */
  RECONNECT(4200, "Server is shutting down, please reconnect");

  private final int code;
  private final String reason;

  Farewell(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  String reason() {
    return reason;
  }
}
