/**
 * The channels of each app on this node, and the fan-out. Entry: {@link
 * dev.carillon.server.channel.Hub}.
 */
@NullMarked
package dev.carillon.server.channel;

import org.jspecify.annotations.NullMarked;
