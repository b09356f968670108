package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.config.Allow;
import dev.carillon.auth.config.ChannelPattern;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.user.Team;
import dev.carillon.auth.user.User;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom a user's status is told: the presence channels of the user's teams, by the rules for members
 * of a team whose only placeholder is {@code {team}}.
 *
 * <p>Thread-safe; asks the database, so it blocks.
 */
final class Audience {
  private static final int CHANNELS_MAX = 100;

  private final List<ChannelPattern> patterns;
  private final Users users;

  Audience(List<ChannelRule> rules, Users users) {
    this.patterns =
        rules.stream()
            .filter(rule -> rule.allow() == Allow.MEMBER_OF_TEAM)
            .map(ChannelRule::pattern)
            .filter(pattern -> pattern.toString().startsWith("presence-"))
            .toList();
    this.users = users;
  }

  /** A body for the server that says who the user is, and whom to tell. */
  ObjectNode body(User user) {
    ObjectNode body = Json.object();
    body.putObject("profile").put("name", user.name()).put("avatar", user.avatar());
    ArrayNode channels = body.putArray("channels");
    users.teamsOf(user.id()).stream()
        .flatMap(this::channels)
        .distinct()
        .limit(CHANNELS_MAX)
        .forEach(channels::add);
    return body;
  }

  private Stream<String> channels(Team team) {
    return patterns.stream()
        .map(pattern -> pattern.with("team", team.id()))
        .flatMap(Optional::stream)
        .filter(Audience::isChannel);
  }

  private static boolean isChannel(String name) {
    try {
      ChannelName.of(name);
      return true;
    } catch (ProtocolException e) {
      // A team's id may have characters that no channel has; nobody can be in that channel.
      return false;
    }
  }
}
