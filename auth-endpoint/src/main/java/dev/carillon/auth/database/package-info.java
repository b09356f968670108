/**
 * Users, teams and what was signed out, in H2 or PostgreSQL. Entry class: {@link
 * dev.carillon.auth.database.Database}. The schema is in the migrations, and in
 * docs/AUTH-ENDPOINT.md.
 *
 * <p>Every call blocks: not for event loops. Depends on {@code config}, {@code user} and {@code
 * password}, on jdbi, HikariCP and Flyway.
 */
@NullMarked
package dev.carillon.auth.database;

import org.jspecify.annotations.NullMarked;
