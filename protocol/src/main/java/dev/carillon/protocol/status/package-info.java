/**
 * How a user is, as the server tells it: {@link dev.carillon.protocol.status.UserStatus} is the
 * object, {@link dev.carillon.protocol.status.StatusUpdate} the news of it. Source:
 * docs/PROTOCOL.md, "User status".
 *
 * <p>Immutable all.
 */
@NullMarked
package dev.carillon.protocol.status;

import org.jspecify.annotations.NullMarked;
