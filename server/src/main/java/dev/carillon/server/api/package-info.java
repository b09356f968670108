/** The signed HTTP API: one class an endpoint. Entry: {@link dev.carillon.server.api.Api}. */
@NullMarked
package dev.carillon.server.api;

import org.jspecify.annotations.NullMarked;
