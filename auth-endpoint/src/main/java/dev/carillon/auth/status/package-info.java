/**
 * What the Carillon server is told of users' statuses, and asked. Entry class: {@link
 * dev.carillon.auth.status.StatusApi}.
 *
 * <p>Threads: never blocks. Depends on {@code config}, the module {@code protocol}, Vert.x and
 * Jackson.
 */
@NullMarked
package dev.carillon.auth.status;

import org.jspecify.annotations.NullMarked;
