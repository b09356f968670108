/** Several nodes on one Redis, as processes of their own. */
@NullMarked
package dev.carillon.server.cluster;

import org.jspecify.annotations.NullMarked;
