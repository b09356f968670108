/** One live WebSocket, and how its frames leave. */
@NullMarked
package dev.carillon.server.connection;

import org.jspecify.annotations.NullMarked;
