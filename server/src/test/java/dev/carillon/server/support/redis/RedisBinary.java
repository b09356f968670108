package dev.carillon.server.support.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A redis-server for this machine, taken out of a dependency once a JVM. */
final class RedisBinary {
  private static final Path FILE = extract();

  private RedisBinary() {}

  static Path file() {
    return FILE;
  }

  private static Path extract() {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    String name =
        "/redis-server-7.0.15-" + (mac ? "darwin" : "linux") + (arm ? "-arm64" : "-amd64");
    try (InputStream in = RedisBinary.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no redis-server for this machine: " + name);
      }
      Path file = Files.createTempFile("redis-server", "");
      file.toFile().deleteOnExit();
      Files.write(file, in.readAllBytes());
      if (!file.toFile().setExecutable(true)) {
        throw new IOException("cannot be made executable: " + file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
