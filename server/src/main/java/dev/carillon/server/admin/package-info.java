/** The operators' port. */
@NullMarked
package dev.carillon.server.admin;

import org.jspecify.annotations.NullMarked;
