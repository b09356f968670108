/**
 * What calls to others have in common. Entry class: {@link dev.carillon.auth.outbound.LimitedBody}.
 *
 * <p>Threads: never blocks. Depends on Vert.x.
 */
@NullMarked
package dev.carillon.auth.outbound;

import org.jspecify.annotations.NullMarked;
