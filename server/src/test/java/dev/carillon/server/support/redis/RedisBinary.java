package dev.carillon.server.support.redis;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** The redis-server 7.0.15 that embedded-redis carries, unpacked once in a JVM. */
final class RedisBinary {
  private static final String VERSION = "7.0.15";
  private static final Path PATH = unpack();

  private RedisBinary() {}

  static Path path() {
    return PATH;
  }

  private static Path unpack() {
    String resource = "/redis-server-" + VERSION + "-" + system() + "-" + processor();
    try (InputStream binary = RedisBinary.class.getResourceAsStream(resource)) {
      if (binary == null) {
        throw new FileNotFoundException("no " + resource + " on the class path");
      }
      Path file = Files.createTempFile("redis-server-", "");
      file.toFile().deleteOnExit();
      Files.copy(binary, file, StandardCopyOption.REPLACE_EXISTING);
      if (!file.toFile().setExecutable(true)) {
        throw new IOException("cannot make " + file + " executable");
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String system() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "darwin" : name;
  }

  private static String processor() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "aarch64" -> "arm64";
      case "x86_64" -> "amd64";
      default -> name;
    };
  }
}
