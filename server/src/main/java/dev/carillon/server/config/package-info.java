/**
 * What {@code config.yaml}, the environment and the command line say. Entry classes: {@link
 * dev.carillon.server.config.ConfigLoader}, which finds every mistake, and {@link
 * dev.carillon.server.config.Config}, which has none. A new key is one line in {@code Keys}, and a
 * component of its record.
 *
 * <p>Immutable, but for builders and what lives while a file is loaded. Depends on the JDK and
 * snakeyaml only.
 */
@NullMarked
package dev.carillon.server.config;

import org.jspecify.annotations.NullMarked;
