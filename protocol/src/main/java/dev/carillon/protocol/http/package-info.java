/**
 * The bodies of the HTTP API, strictly parsed, and its answers.
 *
 * <p>Immutable unless a class says otherwise. Depends on the JDK, jackson-core and BouncyCastle's
 * bcprov.
 */
@NullMarked
package dev.carillon.protocol.http;

import org.jspecify.annotations.NullMarked;
