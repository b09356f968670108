/**
 * What several nodes cost: {@code serve} processes, a redis-server and WebSockets, all real.
 * benchmarks/README.md says how to run it, and how to read what it prints.
 */
@NullMarked
package dev.carillon.benchmarks.nodes;

import org.jspecify.annotations.NullMarked;
