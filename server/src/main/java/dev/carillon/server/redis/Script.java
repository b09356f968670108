package dev.carillon.server.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * A Lua script of this package's resources. Its text is sent each time: a Redis that was restarted
 * or failed over remembers none, and another order of commands than the one given would be wrong.
 *
 * <p>Immutable.
 */
final class Script {
  private final byte[] text;

  private Script(byte[] text) {
    this.text = text;
  }

  /** The script of those files, without their comments, after what all scripts may call. */
  static Script load(String... files) {
    String text = Stream.of(files).map(Script::read).collect(Collectors.joining());
    return new Script((read("common.lua") + text).getBytes(StandardCharsets.UTF_8));
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no script " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("--"))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] text() {
    return text;
  }

  /** Runs it; all keys are of one slot. */
  Response<Object> on(AbstractPipeline pipeline, List<byte[]> keys, List<byte[]> arguments) {
    return pipeline.eval(text, keys, arguments);
  }
}
