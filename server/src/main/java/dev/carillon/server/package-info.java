/** The server. Entry class: {@link dev.carillon.server.Server}. */
@NullMarked
package dev.carillon.server;

import org.jspecify.annotations.NullMarked;
