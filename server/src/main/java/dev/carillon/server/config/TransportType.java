package dev.carillon.server.config;

/** What moves the bytes. */
public enum TransportType {
  /** Epoll where it runs, else NIO. */
  AUTO,
  /** Linux only; the start fails elsewhere. */
  EPOLL,
  /** Runs everywhere. */
  NIO
}
