/**
 * The app's side of channel authorization: a small web service that knows who the users are, signs
 * their subscriptions, and serves the demo page. Entry class: {@link
 * dev.carillon.auth.AuthEndpoint}.
 *
 * <p>Threads: start and close it from any thread but an event loop. Depends on {@code config},
 * {@code user} and {@code http} below it, the module {@code protocol}, Vert.x and slf4j.
 */
@NullMarked
package dev.carillon.auth;

import org.jspecify.annotations.NullMarked;
