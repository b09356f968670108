/**
 * Carries finished frames between publishers and the nodes that have subscribers: a port, and its
 * implementation for a single node.
 */
@NullMarked
package dev.carillon.server.broker;

import org.jspecify.annotations.NullMarked;
