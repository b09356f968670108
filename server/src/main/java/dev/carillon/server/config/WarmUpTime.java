package dev.carillon.server.config;

/** When the JVM is made to compile what a storm of clients needs: docs/adr/0009. */
public enum WarmUpTime {
  /**
   * The public port opens when most is done: no client is served slowly, and none for some seconds.
   */
  BEFORE,
  /** The public port opens at once, and {@code /ready} waits. */
  BESIDE,
  /** Not at all: the clients do it. */
  NONE
}
