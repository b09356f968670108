/**
 * The command line: {@code serve}, {@code auth-endpoint}, {@code demo}, {@code check}, {@code
 * trigger}, {@code listen} and {@code channels}. Entry class: {@link dev.carillon.cli.Carillon}.
 * The answer of a command goes to the standard output, logs and mistakes to the standard error.
 *
 * <p>Threads: a command runs on the main thread, which waits for a signal. Depends on everything;
 * alone it depends on the auth endpoint.
 */
@NullMarked
package dev.carillon.cli;

import org.jspecify.annotations.NullMarked;
