/**
 * Sockets, HTTP, the upgrade and the frames that come in. Entry: {@link
 * dev.carillon.server.transport.ServerPipeline}.
 */
@NullMarked
package dev.carillon.server.transport;

import org.jspecify.annotations.NullMarked;
