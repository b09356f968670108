/**
 * How JSON is read and written here; for this module's own use.
 *
 * <p>Depends on the JDK and jackson-core.
 */
@NullMarked
package dev.carillon.protocol.json;

import org.jspecify.annotations.NullMarked;
