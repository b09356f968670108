/** What one address may do in a minute. */
@NullMarked
package dev.carillon.server.limit;

import org.jspecify.annotations.NullMarked;
