/** Requests that are done once however often they are sent: a port, and its implementation. */
@NullMarked
package dev.carillon.server.idempotency;

import org.jspecify.annotations.NullMarked;
