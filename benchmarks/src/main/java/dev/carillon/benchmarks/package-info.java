/**
 * JMH benchmarks of what a busy node does most. Not a part of the product: nothing depends on it.
 * benchmarks/README.md says how to run them, and how to read what they print.
 */
@NullMarked
package dev.carillon.benchmarks;

import org.jspecify.annotations.NullMarked;
