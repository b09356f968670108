/**
 * Sockets, HTTP, the upgrade, the fallbacks, and what comes in. Entry: {@link
 * dev.carillon.server.transport.ServerPipeline}.
 */
@NullMarked
package dev.carillon.server.transport;

import org.jspecify.annotations.NullMarked;
