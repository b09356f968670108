/** One live connection, by WebSocket or by HTTP requests, and how its frames leave. */
@NullMarked
package dev.carillon.server.connection;

import org.jspecify.annotations.NullMarked;
