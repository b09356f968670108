package dev.carillon.server.redis;

import dev.carillon.server.status.UserRecord;
import org.jspecify.annotations.Nullable;

/**
 * A user's record as Redis has it.
 *
 * <p>Immutable.
 *
 * @param revision rises with each change; never the same again, also in a Redis that was emptied
 * @param basis the revision of the last change that was no mere putting back of what was lost: of
 *     two records the one with the higher basis tells more
 * @param record {@code null} if there is none
 */
record Revised(long revision, long basis, @Nullable UserRecord record) {
  /** Nothing is kept. */
  static final Revised NONE = new Revised(0, 0, null);

  /** Whether what another tells is not in this one. */
  boolean lacks(Revised other) {
    return record == null || basis < other.basis;
  }
}
