/** The protocol of one connection. Entry: {@link dev.carillon.server.session.Session}. */
@NullMarked
package dev.carillon.server.session;

import org.jspecify.annotations.NullMarked;
