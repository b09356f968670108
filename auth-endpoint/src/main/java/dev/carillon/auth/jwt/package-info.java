/**
 * Bearer tokens of the company's identity provider. Entry class: {@link
 * dev.carillon.auth.jwt.TokenVerifier}.
 *
 * <p>Threads: never blocks. Depends on {@code config} and {@code outbound}, on Nimbus JOSE + JWT
 * and Vert.x.
 */
@NullMarked
package dev.carillon.auth.jwt;

import org.jspecify.annotations.NullMarked;
