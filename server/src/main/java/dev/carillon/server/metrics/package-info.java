/** What is counted, for Prometheus. */
@NullMarked
package dev.carillon.server.metrics;

import org.jspecify.annotations.NullMarked;
