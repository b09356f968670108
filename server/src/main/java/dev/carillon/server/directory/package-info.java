/** What the HTTP API asks about channels: a port, and its implementation for a single node. */
@NullMarked
package dev.carillon.server.directory;

import org.jspecify.annotations.NullMarked;
