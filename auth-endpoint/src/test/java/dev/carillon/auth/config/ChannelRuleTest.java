package dev.carillon.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelRuleTest {
  @Test
  void placeholdersStandForEverythingUpToTheNextDot() {
    ChannelPattern pattern = ChannelPattern.of("presence-team.{team}.room.{room}");

    assertThat(pattern.match("presence-team.7.room.a-b"))
        .contains(Map.of("team", "7", "room", "a-b"));
    assertThat(pattern.match("presence-team.7.8.room.a")).isEmpty();
    assertThat(pattern.match("presence-team..room.a")).isEmpty();
    assertThat(pattern.match("xpresence-team.7.room.a")).isEmpty();
  }

  @Test
  void dotsInAPatternAreOnlyDots() {
    assertThat(ChannelPattern.of("private-a.b").match("private-axb")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "news.{id} | any-user | must start with private- or presence-",
        "private-{id | user | single {",
        "private-id} | user | single }",
        "private-{} | any-user | got {}",
        "private-{a b} | any-user | got {a b}",
        "private-{a}.{a} | any-user | got {a} twice",
        "private-{a}{b} | any-user | between two placeholders",
        "private-a/b | any-user | got 'private-a/b'",
        "private-x.{team} | user | 'user' needs the placeholder {id}, got [team]",
        "presence-x | member-of-team | needs the placeholder {team}",
        "private-x | admin | got 'admin', allowed are user, member-of-team, any-user, nobody"
      })
  void badRulesAreRefusedWithWhatWasGotAndWhatIsAllowed(
      String pattern, String allow, String message) {
    assertThatThrownBy(() -> new ChannelRule(pattern, allow))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("channel rule: ")
        .hasMessageContaining(message);
  }

  @Test
  void addressesAreChecked() {
    assertThatThrownBy(() -> new ServerAddress("a b", 1, "", false))
        .hasMessageContaining("host: got 'a b'");
    assertThatThrownBy(() -> ServerAddress.sameHost(0)).hasMessageContaining("port: got 0");
    assertThatThrownBy(() -> new ServerAddress("", 1, "/ws/", false))
        .hasMessageContaining("path: got '/ws/'");
  }
}
