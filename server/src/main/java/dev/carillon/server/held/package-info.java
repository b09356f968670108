/**
 * Events that wait until their user may be disturbed again: a port, and its implementation for a
 * single node. Entry: {@link dev.carillon.server.held.HeldEvents}.
 */
@NullMarked
package dev.carillon.server.held;

import org.jspecify.annotations.NullMarked;
