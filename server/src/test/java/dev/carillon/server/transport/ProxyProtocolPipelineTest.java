package dev.carillon.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyProtocolPipelineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n", "PROXY UNKNOWN\r\n", ""})
  void leavesNothingBehindAndLosesNothing(String header) {
    List<Client> clients = new ArrayList<>();
    EmbeddedChannel channel = new EmbeddedChannel(new ProxyProtocol(clients::add));

    channel.writeInbound(
        Unpooled.copiedBuffer(header + "GET / HTTP/1.1\r\n", StandardCharsets.US_ASCII));

    assertThat(channel.pipeline().names()).hasSize(1);
    ByteBuf rest = channel.readInbound();
    assertThat(rest.toString(StandardCharsets.US_ASCII)).isEqualTo("GET / HTTP/1.1\r\n");
    rest.release();
    assertThat(clients).hasSize(header.startsWith("PROXY TCP4") ? 1 : 0);
    assertThat(channel.finish()).isFalse();
  }
}
