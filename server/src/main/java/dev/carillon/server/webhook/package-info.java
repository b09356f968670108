/**
 * What happens in an app is told to its own servers. Entry: {@link
 * dev.carillon.server.webhook.AppWebhooks} takes an event in and appends it to the app's {@code
 * EventLog} before anybody sees its effect; an {@code EndpointQueue} for each endpoint reads from
 * there, forms deliveries and posts them until they are taken or given up. Why so: docs/adr/0012.
 *
 * <p>Event loops append only; one thread, {@code webhooks}, does the rest.
 */
@NullMarked
package dev.carillon.server.webhook;

import org.jspecify.annotations.NullMarked;
