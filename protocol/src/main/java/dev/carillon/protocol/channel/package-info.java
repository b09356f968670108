/**
 * Channel names, their types, and socket ids: parsed once, at the edge.
 *
 * <p>Immutable unless a class says otherwise. Depends on the JDK, jackson-core and BouncyCastle's
 * bcprov.
 */
@NullMarked
package dev.carillon.protocol.channel;

import org.jspecify.annotations.NullMarked;
