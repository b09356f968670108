package dev.carillon.server.status;

import dev.carillon.protocol.status.Cause;
import java.time.Instant;

/**
 * Something has changed by itself, and is told later, with what else changes until then.
 *
 * @param at when
 * @param cause of the first change if time alone has made it, else of the latest that was done
 */
public record Pending(Instant at, Cause cause) {}
