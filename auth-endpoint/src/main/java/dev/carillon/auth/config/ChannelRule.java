package dev.carillon.auth.config;

import java.util.List;

/**
 * Who may join the channels of that pattern. The first rule that matches decides; if none does,
 * nobody may.
 *
 * @param pattern for example {@code presence-team.{team}.presence}
 * @param allow for example {@link Allow#MEMBER_OF_TEAM}
 */
public record ChannelRule(ChannelPattern pattern, Allow allow) {
  /** A user's own private channel, and a team's presence channel, both named as Laravel does. */
  public static final List<ChannelRule> DEFAULTS =
      List.of(
          new ChannelRule("private-App.Models.User.{id}", "user"),
          new ChannelRule("presence-team.{team}.presence", "member-of-team"));

  /**
   * @throws IllegalArgumentException if the pattern lacks the placeholder that {@code allow} is
   *     about
   */
  public ChannelRule {
    String needed = allow.placeholder();
    if (!needed.isEmpty() && !pattern.placeholders().contains(needed)) {
      throw new IllegalArgumentException(
          "channel rule: pattern '%s': allow '%s' needs the placeholder {%s}, got %s"
              .formatted(pattern, allow.text(), needed, pattern.placeholders()));
    }
  }

  /**
   * As it is written in configuration.
   *
   * @throws IllegalArgumentException if either is not of its form
   */
  public ChannelRule(String pattern, String allow) {
    this(ChannelPattern.of(pattern), Allow.of(allow));
  }
}
