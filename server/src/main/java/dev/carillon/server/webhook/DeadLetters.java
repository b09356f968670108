package dev.carillon.server.webhook;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The deliveries that an endpoint did not take, a file each, in a folder of its own: the server
 * adds files, and who replays them deletes them, without knowing of one another.
 *
 * <p>Thread-safe.
 */
final class DeadLetters {
  private static final String SUFFIX = ".delivery";

  private final Path folder;
  private final long maxBytes;

  DeadLetters(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /**
   * Keeps a delivery; false if there is no place for it.
   *
   * @throws IOException if it cannot be written
   */
  boolean add(Delivery delivery) throws IOException {
    if (bytes() + delivery.events().length > maxBytes) {
      return false;
    }
    Files.createDirectories(folder);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      delivery.write(out);
    }
    // By name they are in the order in which they were made; an id adds what is made at once.
    long order = delivery.made().toEpochMilli();
    Path file = folder.resolve("%013d-%s%s".formatted(order, delivery.id(), SUFFIX));
    WholeFile.write(file, RecordFrames.frame(bytes.toByteArray()));
    return true;
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += file.toFile().length(); // 0 if it was replayed meanwhile
    }
    return bytes;
  }

  /** All of them, the oldest first. */
  List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /** What was kept in that file; empty if it is damaged. */
  static Optional<Delivery> read(Path file) throws IOException {
    byte[] content;
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      content = RecordFrames.read(in, Files.size(file));
    }
    return content == null
        ? Optional.empty()
        : Optional.of(Delivery.read(new DataInputStream(new ByteArrayInputStream(content))));
  }
}
