package dev.carillon.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The documented frames and bodies, one a file, as they are on the wire. */
final class WireFiles {
  private static final Path FOLDER = Path.of("src/test/resources/wire");

  private WireFiles() {}

  /** The text of that file, without the line's end. */
  static String text(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name + ".json")).stripTrailing();
  }

  static byte[] bytes(String name) throws IOException {
    return text(name).getBytes(StandardCharsets.UTF_8);
  }

  static Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString().replace(".json", ""))
          .collect(Collectors.toSet());
    }
  }
}
