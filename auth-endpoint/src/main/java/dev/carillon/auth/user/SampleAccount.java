package dev.carillon.auth.user;

/** An account that everybody may try: the sign-in page shows it, password included. */
public record SampleAccount(User user, String password) {}
