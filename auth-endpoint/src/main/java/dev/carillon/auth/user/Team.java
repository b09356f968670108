package dev.carillon.auth.user;

/** A group of users with a presence channel of its own. */
public record Team(String id, String name) {}
