/**
 * What goes over a WebSocket, in both directions, as records. {@link
 * dev.carillon.protocol.event.ClientEventDecoder} reads, {@link
 * dev.carillon.protocol.event.ServerEvent} writes.
 *
 * <p>Immutable unless a class says otherwise. Depends on the JDK, jackson-core and BouncyCastle's
 * bcprov.
 */
@NullMarked
package dev.carillon.protocol.event;

import org.jspecify.annotations.NullMarked;
