package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.status.EntryReader;
import dev.carillon.protocol.status.ScheduleEntry;

/**
 * Reads the body of {@code POST /apps/<id>/users/<user>/status/schedule}.
 *
 * <pre>
 * {@code {"status":"busy","custom_message":"In a meeting","starts_at":"2026-01-05T14:00:00Z","ends_at":"2026-01-05T15:00:00Z"}}
 * </pre>
 */
public final class ScheduleRequest {
  private ScheduleRequest() {}

  /**
   * The entry that is asked for; its id is 0.
   *
   * @throws ProtocolException if it is not of that form
   */
  public static ScheduleEntry parse(byte[] body) {
    EntryReader entry = new EntryReader();
    Body.read(body, entry::read);
    return entry.entry();
  }
}
