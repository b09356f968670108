/** Which channels have subscribers: a port, and its implementation for a single node. */
@NullMarked
package dev.carillon.server.occupancy;

import org.jspecify.annotations.NullMarked;
