package dev.carillon.server.config;

/** What becomes of an event that would disturb who does not want to be disturbed. */
public enum DndMode {
  /** It is kept, and delivered when that ends. */
  HOLD,
  /** It is forgotten. */
  DROP
}
