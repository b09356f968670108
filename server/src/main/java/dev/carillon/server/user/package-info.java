/** Who is signed in: a port, and its implementation for a single node. */
@NullMarked
package dev.carillon.server.user;

import org.jspecify.annotations.NullMarked;
