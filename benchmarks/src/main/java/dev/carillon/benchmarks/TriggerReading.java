package dev.carillon.benchmarks;

import dev.carillon.protocol.http.TriggerBatch;
import dev.carillon.protocol.http.TriggerLimits;
import dev.carillon.protocol.http.TriggerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reads the bodies with which apps trigger events. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TriggerReading {
  private static final String EVENT =
      "{\"name\":\"order.created\",\"channel\":\"orders\",\"data\":\"{\\\"id\\\":1}\"}";

  private final TriggerLimits limits = new TriggerLimits(102_400, false);

  private final byte[] event = EVENT.getBytes(StandardCharsets.UTF_8);

  private final byte[] batch10 =
      ("{\"batch\":[" + String.join(",", Collections.nCopies(10, EVENT)) + "]}")
          .getBytes(StandardCharsets.UTF_8);

  private final byte[] channels100 =
      ("{\"name\":\"e\",\"data\":\"{}\",\"channels\":["
              + IntStream.range(0, 100)
                  .mapToObj(i -> "\"private-user." + i + "\"")
                  .collect(Collectors.joining(","))
              + "]}")
          .getBytes(StandardCharsets.UTF_8);

  private final byte[] unicode100k =
      ("{\"name\":\"e\",\"channel\":\"a\",\"data\":\"" + "Größe: 7\\n".repeat(9_000) + "\"}")
          .getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public TriggerRequest event() {
    return TriggerRequest.parse(event, limits);
  }

  @Benchmark
  public TriggerBatch batch10() {
    return TriggerBatch.parse(batch10, limits);
  }

  @Benchmark
  public TriggerRequest channels100() {
    return TriggerRequest.parse(channels100, limits);
  }

  @Benchmark
  public TriggerRequest unicode100k() {
    return TriggerRequest.parse(unicode100k, limits);
  }
}
