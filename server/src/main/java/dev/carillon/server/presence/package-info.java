/** Who is in the presence channels: a port, and its implementation for a single node. */
@NullMarked
package dev.carillon.server.presence;

import org.jspecify.annotations.NullMarked;
