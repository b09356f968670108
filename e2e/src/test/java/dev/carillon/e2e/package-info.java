/**
 * The packaged product as Pusher's Java SDKs see it: the server SDK triggers and asks, the client
 * subscribes.
 *
 * <p>Start with {@link dev.carillon.e2e.Product} (the process under test) and {@link
 * dev.carillon.e2e.JavaClient} (a client whose events can be awaited). Nothing here calls the
 * server's classes.
 */
@NullMarked
package dev.carillon.e2e;

import org.jspecify.annotations.NullMarked;
