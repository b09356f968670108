package dev.carillon.auth.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Whom a {@link ChannelRule} lets in. */
public enum Allow {
  /** The user whose id the channel's {@code {id}} is. */
  USER("user", "id"),
  /** Members of the team whose id the channel's {@code {team}} is. */
  MEMBER_OF_TEAM("member-of-team", "team"),
  /** Everybody who is signed in. */
  ANY_USER("any-user", ""),
  /** No one. */
  NOBODY("nobody", "");

  private final String text;
  private final String placeholder;

  Allow(String text, String placeholder) {
    this.text = text;
    this.placeholder = placeholder;
  }

  /** As it is written in configuration: {@code user}, {@code member-of-team}, … */
  public String text() {
    return text;
  }

  /** The placeholder that the rule's pattern must have; empty if it needs none. */
  String placeholder() {
    return placeholder;
  }

  /**
   * The one that is written so.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Allow of(String text) {
    return Arrays.stream(values())
        .filter(allow -> allow.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "channel rule: allow: got '" + text + "', allowed are " + texts()));
  }

  private static String texts() {
    return Arrays.stream(values()).map(Allow::text).collect(Collectors.joining(", "));
  }
}
