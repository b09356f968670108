/**
 * Password hashes. Entry class: {@link dev.carillon.auth.password.Argon2Hash}.
 *
 * <p>A hash takes its time: not for event loops. Depends on Bouncy Castle.
 */
@NullMarked
package dev.carillon.auth.password;

import org.jspecify.annotations.NullMarked;
