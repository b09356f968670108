package dev.carillon.protocol.event;

import org.jspecify.annotations.Nullable;

/**
 * A user in a presence channel.
 *
 * @param userInfo what the app says of the user, any JSON, unparsed; {@code null} if it says
 *     nothing
 */
public record Member(UserId userId, @Nullable RawJson userInfo) {}
