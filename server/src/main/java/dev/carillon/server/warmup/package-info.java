/**
 * Makes the JVM compile the hot paths at the start. Entry: {@link
 * dev.carillon.server.warmup.WarmUp}.
 */
@NullMarked
package dev.carillon.server.warmup;

import org.jspecify.annotations.NullMarked;
