/**
 * How many connections an app has and may have: a port, and its implementation for a single node.
 */
@NullMarked
package dev.carillon.server.quota;

import org.jspecify.annotations.NullMarked;
