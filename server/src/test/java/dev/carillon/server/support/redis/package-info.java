/** Real Redis servers for tests. */
@NullMarked
package dev.carillon.server.support.redis;

import org.jspecify.annotations.NullMarked;
