package dev.carillon.auth.http;

import dev.carillon.auth.config.Allow;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.user.Team;
import dev.carillon.auth.user.User;
import dev.carillon.protocol.channel.ChannelName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides by the rules who may join which channel.
 *
 * <p>Thread-safe; asks the database, so it blocks.
 */
final class ChannelGate {
  private final List<ChannelRule> rules;
  private final Users users;

  ChannelGate(List<ChannelRule> rules, Users users) {
    this.rules = rules;
    this.users = users;
  }

  /**
   * Lets that user join that channel, or not.
   *
   * @return the user
   * @throws Refusal 403 that says why not
   */
  User check(User user, ChannelName channel) {
    for (ChannelRule rule : rules) {
      Optional<Map<String, String>> match = rule.pattern().match(channel.value());
      if (match.isPresent()) {
        if (!allows(rule.allow(), user, match.get())) {
          throw Refusal.forbidden(
              "Not allowed to join " + channel + ": it is for " + whom(rule.allow()) + ".");
        }
        return user;
      }
    }
    throw Refusal.forbidden("Not allowed to join " + channel + ": no channel rule is about it.");
  }

  private boolean allows(Allow allow, User user, Map<String, String> match) {
    return switch (allow) {
      case USER -> user.id().equals(match.get("id"));
      case MEMBER_OF_TEAM -> isMember(user, String.valueOf(match.get("team")));
      case ANY_USER -> true;
      case NOBODY -> false;
    };
  }

  private boolean isMember(User user, String team) {
    return users.teamsOf(user.id()).stream().map(Team::id).anyMatch(team::equals);
  }

  private static String whom(Allow allow) {
    return switch (allow) {
      case USER -> "another user";
      case MEMBER_OF_TEAM -> "the members of the team";
      case ANY_USER -> "everybody who is signed in";
      case NOBODY -> "nobody";
    };
  }
}
