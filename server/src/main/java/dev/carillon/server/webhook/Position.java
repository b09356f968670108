package dev.carillon.server.webhook;

/**
 * A place in an {@link EventLog}: before the record that begins there.
 *
 * @param offset in bytes within the segment
 */
record Position(long segment, long offset) {}
