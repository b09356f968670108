package dev.carillon.benchmarks;

import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.ClientEventDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reads the frames that clients send. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClientEventDecoding {
  private static final String AUTH =
      "278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4";

  private final ClientEventDecoder decoder = new ClientEventDecoder();

  private final byte[] ping = bytes("{\"event\":\"pusher:ping\",\"data\":{}}");

  private final byte[] subscribe =
      bytes(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\""
              + AUTH
              + "\","
              + "\"channel\":\"private-orders\"}}");

  private final byte[] subscribePresence =
      bytes(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\""
              + AUTH
              + "\",\"channel_data\":"
              + "\"{\\\"user_id\\\":10,\\\"user_info\\\":{\\\"name\\\":\\\"Ann\\\"}}\","
              + "\"channel\":\"presence-room\"}}");

  private final byte[] clientMessage =
      bytes(
          "{\"event\":\"client-typing\",\"data\":{\"user\":\"Ann\",\"typing\":true},"
              + "\"channel\":\"presence-room\"}");

  private final byte[] clientMessage8k =
      bytes(
          "{\"event\":\"client-draw\",\"data\":{\"points\":["
              + "{\"x\":12.5,\"y\":-3},".repeat(450)
              + "0]},"
              + "\"channel\":\"presence-room\"}");

  @Benchmark
  public ClientEvent ping() {
    return decoder.decode(ping);
  }

  @Benchmark
  public ClientEvent subscribe() {
    return decoder.decode(subscribe);
  }

  @Benchmark
  public ClientEvent subscribePresence() {
    return decoder.decode(subscribePresence);
  }

  @Benchmark
  public ClientEvent clientMessage() {
    return decoder.decode(clientMessage);
  }

  @Benchmark
  public ClientEvent clientMessage8k() {
    return decoder.decode(clientMessage8k);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
