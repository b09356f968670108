package dev.carillon.benchmarks;

import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Signs and verifies: once for each private subscription, and once for each request. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Signing {
  private static final String PATH = "/apps/app-id/events";

  private final Credentials app = new Credentials("278d425bdf160c739803", "7ad3773142a6692b25b8");
  private final SocketId socket = new SocketId("1234567890123456789.42");
  private final ChannelName channel = ChannelName.of("private-orders");
  private final String auth = ChannelAuth.sign(app, socket, channel, null);

  private final byte[] body =
      "{\"name\":\"order.created\",\"channel\":\"orders\",\"data\":\"{\\\"id\\\":1}\"}"
          .getBytes(StandardCharsets.UTF_8);

  private final Instant now = Instant.ofEpochSecond(1_353_088_179);
  private final Map<String, List<String>> query =
      Arrays.stream(RequestAuth.signedQuery(app, "POST", PATH, Map.of(), body, now).split("&"))
          .map(parameter -> parameter.split("=", 2))
          .collect(Collectors.toMap(parts -> parts[0], parts -> List.of(parts[1])));

  @Benchmark
  public String signChannel() {
    return ChannelAuth.sign(app, socket, channel, null);
  }

  @Benchmark
  public void verifyChannel() {
    ChannelAuth.verify(app, socket, channel, auth, null);
  }

  @Benchmark
  public void verifyRequest() {
    RequestAuth.verify(app, "POST", PATH, query, body, now);
  }
}
