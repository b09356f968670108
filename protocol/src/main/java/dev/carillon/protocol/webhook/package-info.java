/**
 * What an application's server is told of: events, and the body that carries them. How it is
 * signed: {@code dev.carillon.protocol.auth.WebhookAuth}.
 *
 * <p>Immutable.
 */
@NullMarked
package dev.carillon.protocol.webhook;

import org.jspecify.annotations.NullMarked;
