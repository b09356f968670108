package dev.carillon.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardTest {
  @ParameterizedTest
  @CsvSource({
    "notification.*, notification.new, true",
    "notification.*, notification., true",
    "notification.*, notification, false",
    "notification.*, notificationXnew, false",
    "notification.*, Notification.new, false",
    "notification.*, a.notification.new, false",
    "notification.*, 'notification.a\nb', true",
    "*, '', true",
    "*.new, a.b.new, true",
    "a*b*c, axxbyyc, true",
    "a*b*c, axxcyyb, false",
    "Illuminate\\Notifications\\Events\\BroadcastNotificationCreated,"
        + " Illuminate\\Notifications\\Events\\BroadcastNotificationCreated, true",
    "a\\E*, a\\Eb, true",
    "a?c, abc, false",
    "'', '', true",
    "'', a, false"
  })
  void aStarStandsForAnythingAndAllElseForItself(String pattern, String text, boolean matches) {
    assertThat(new Wildcard(pattern).matches(text)).isEqualTo(matches);
  }
}
