/**
 * The last event of each cache channel: a port, and its implementation for a single node. Entry:
 * {@link dev.carillon.server.cache.ChannelCache}.
 */
@NullMarked
package dev.carillon.server.cache;

import org.jspecify.annotations.NullMarked;
