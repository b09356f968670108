package dev.carillon.protocol.status;

import org.jspecify.annotations.Nullable;

/**
 * What a request says of something that stays as it is if the request says nothing, which is a
 * {@code null} instead of this.
 *
 * @param value {@code null} to take away what there is
 */
public record Given<T>(@Nullable T value) {}
