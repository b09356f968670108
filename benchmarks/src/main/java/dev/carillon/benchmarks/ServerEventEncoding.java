package dev.carillon.benchmarks;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writes the frames that the server sends. An event to a channel is written once for all. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ServerEventEncoding {
  private final ChannelName presence = ChannelName.of("presence-room");

  private final ServerEvent connectionEstablished =
      new ServerEvent.ConnectionEstablished(new SocketId("1234567890123456789.42"), 30);

  private final ServerEvent channelMessage =
      new ServerEvent.ChannelMessage(
          ChannelName.of("private-orders"),
          "App\\Events\\OrderShipped",
          RawJson.string("{\"id\":1,\"total\":\"19.90\"}"));

  private final ServerEvent memberAdded = new ServerEvent.MemberAdded(presence, member(1));

  private final ServerEvent roster100 =
      new ServerEvent.PresenceSucceeded(
          presence, IntStream.range(0, 100).mapToObj(ServerEventEncoding::member).toList());

  private static Member member(int id) {
    byte[] info = "{\"name\":\"Ann\",\"role\":\"editor\"}".getBytes(StandardCharsets.UTF_8);
    return new Member(new UserId(Integer.toString(id), true), RawJson.slice(info, 0, info.length));
  }

  @Benchmark
  public byte[] connectionEstablished() {
    return connectionEstablished.toBytes();
  }

  @Benchmark
  public byte[] channelMessage() {
    return channelMessage.toBytes();
  }

  @Benchmark
  public byte[] memberAdded() {
    return memberAdded.toBytes();
  }

  @Benchmark
  public byte[] roster100() {
    return roster100.toBytes();
  }
}
