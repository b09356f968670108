/** The apps that are served. */
@NullMarked
package dev.carillon.server.app;

import org.jspecify.annotations.NullMarked;
