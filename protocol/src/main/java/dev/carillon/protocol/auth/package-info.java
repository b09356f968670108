/**
 * Signs and verifies: one class for each thing that is signed.
 *
 * <p>Immutable unless a class says otherwise. Depends on the JDK, jackson-core and BouncyCastle's
 * bcprov.
 */
@NullMarked
package dev.carillon.protocol.auth;

import org.jspecify.annotations.NullMarked;
