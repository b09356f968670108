/**
 * What the auth endpoint is told: address, credentials, channel rules. Everything is checked when
 * it is made: an {@link IllegalArgumentException} names what was got and what is allowed. Entry
 * class: {@link dev.carillon.auth.config.AuthConfig}.
 *
 * <p>Immutable. Depends on the JDK and {@code protocol}'s credentials only.
 */
@NullMarked
package dev.carillon.auth.config;

import org.jspecify.annotations.NullMarked;
