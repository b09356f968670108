/**
 * Users and teams. Entry class: {@link dev.carillon.auth.user.UserDirectory}, the port to replace
 * by one that asks the company's own user database.
 *
 * <p>A directory is called from several worker threads at once. Depends on the JDK only.
 */
@NullMarked
package dev.carillon.auth.user;

import org.jspecify.annotations.NullMarked;
