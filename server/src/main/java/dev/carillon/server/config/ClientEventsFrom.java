package dev.carillon.server.config;

/** Who may send client events, and where to. */
public enum ClientEventsFrom {
  /** Subscribers of private and presence channels. */
  MEMBERS,
  /** Subscribers of any channel that is not encrypted. */
  ALL,
  /** Nobody. */
  NONE
}
