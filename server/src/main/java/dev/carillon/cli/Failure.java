package dev.carillon.cli;

/** A command that cannot do what it was asked to; its message is all that is told. Quiet. */
final class Failure extends Exception {
  private final int exitCode;

  private Failure(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /** Asked for wrongly: nothing was started. */
  static Failure wrong(String message) {
    return new Failure(Carillon.WRONG, message);
  }

  /** Failed while it ran. */
  static Failure running(String message) {
    return new Failure(1, message);
  }

  int exitCode() {
    return exitCode;
  }
}
