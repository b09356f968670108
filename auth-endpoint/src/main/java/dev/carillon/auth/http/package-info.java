/**
 * The HTTP calls: sign-in, channel and user authorization, the demo page. Entry class: {@link
 * dev.carillon.auth.http.AuthRoutes}.
 *
 * <p>Threads: what asks the user directory runs on Vert.x's workers, all else on its event loops.
 * Depends on {@code config} and {@code user}, the module {@code protocol}, Vert.x Web and Jackson.
 */
@NullMarked
package dev.carillon.auth.http;

import org.jspecify.annotations.NullMarked;
