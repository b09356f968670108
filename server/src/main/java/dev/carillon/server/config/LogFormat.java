package dev.carillon.server.config;

/** How a line of the log is written. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** One JSON object a line. */
  JSON
}
