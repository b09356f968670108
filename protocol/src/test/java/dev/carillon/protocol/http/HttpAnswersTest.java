package dev.carillon.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.event.UserId;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;

class HttpAnswersTest {
  @Test
  void emptyMapsAreObjects() {
    assertAnswer(HttpAnswers.empty()).isEqualTo("{}");
    assertAnswer(HttpAnswers.channels(Map.of())).isEqualTo("{\"channels\":{}}");
    assertAnswer(ChannelInfo.NONE.toBytes()).isEqualTo("{}");
  }

  @Test
  void channelsHaveWhatWasAsked() {
    Map<ChannelName, ChannelInfo> channels = new LinkedHashMap<>();
    channels.put(ChannelName.of("presence-a"), new ChannelInfo(null, 2, 3, null));
    channels.put(ChannelName.of("b"), ChannelInfo.NONE);
    channels.put(ChannelName.relaxed("\"ü\""), new ChannelInfo(null, null, 0, null));

    assertAnswer(HttpAnswers.channels(channels))
        .isEqualTo(
            "{\"channels\":{\"presence-a\":{\"user_count\":2,\"subscription_count\":3},\"b\":{},"
                + "\"\\\"ü\\\"\":{\"subscription_count\":0}}}");
  }

  @Test
  void batchIsAlignedWithItsItems() {
    List<ChannelInfo> items =
        List.of(ChannelInfo.NONE, new ChannelInfo(null, 2, null, null), ChannelInfo.NONE);

    assertAnswer(HttpAnswers.batch(items)).isEqualTo("{\"batch\":[{},{\"user_count\":2},{}]}");
  }

  @Test
  void channelSaysWhetherItIsOccupied() {
    assertAnswer(new ChannelInfo(false, null, null, null).toBytes())
        .isEqualTo("{\"occupied\":false}");
    assertAnswer(new ChannelInfo(true, 2, 3, null).toBytes())
        .isEqualTo("{\"occupied\":true,\"user_count\":2,\"subscription_count\":3}");
  }

  @Test
  void userIdsAreStrings() {
    assertAnswer(HttpAnswers.users(List.of())).isEqualTo("{\"users\":[]}");
    assertAnswer(HttpAnswers.users(List.of(new UserId("7", true), new UserId("\"", false))))
        .isEqualTo("{\"users\":[{\"id\":\"7\"},{\"id\":\"\\\"\"}]}");
  }

  @Test
  void connectionsAreCounted() {
    assertAnswer(HttpAnswers.connections(3)).isEqualTo("{\"connections\":3}");
  }

  private static AbstractStringAssert<?> assertAnswer(byte[] answer) {
    return assertThat(new String(answer, StandardCharsets.UTF_8));
  }
}
