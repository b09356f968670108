/**
 * Users and teams, as they are. Where they are kept is the package {@code database}'s concern.
 *
 * <p>All immutable. Depends on the JDK only.
 */
@NullMarked
package dev.carillon.auth.user;

import org.jspecify.annotations.NullMarked;
