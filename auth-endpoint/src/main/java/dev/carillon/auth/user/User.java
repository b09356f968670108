package dev.carillon.auth.user;

/**
 * Somebody who can sign in.
 *
 * @param id for example {@code 1}; what presence channels call {@code user_id}
 * @param avatar the URL of a picture; a path is of this endpoint
 */
public record User(String id, String name, String email, String avatar) {}
