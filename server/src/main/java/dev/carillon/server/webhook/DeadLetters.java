package dev.carillon.server.webhook;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that an endpoint did not take, a file each, in a folder of its own: the server
 * adds files, and who replays them deletes them, without knowing of one another.
 *
 * <p>Confined to one thread.
 */
final class DeadLetters {
  private static final String PREFIX = "dead-";
  private static final String SUFFIX = ".delivery";

  private final Path folder;
  private final long maxBytes;

  /** As counted last, and what was added since; what was replayed since counts too. */
  private long bytes;

  /** When the folder had changed last, as it was counted; null before the first time. */
  private @Nullable FileTime counted;

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
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(content)) {
      delivery.write(out);
    }
    byte[] frame = RecordFrames.frame(content.toByteArray());
    Files.createDirectories(folder);
    if (!hasPlace(frame.length)) {
      return false;
    }
    // By name they are in the order in which they were made; an id adds what is made at once.
    long order = delivery.made().toEpochMilli();
    Path file = folder.resolve("%013d-%s%s".formatted(order, delivery.id(), SUFFIX));
    WholeFile.write(file, frame);
    bytes += frame.length;
    return true;
  }

  /** Counts only when it must: there may be so many that it takes a second. */
  private boolean hasPlace(int more) throws IOException {
    if (counted != null && bytes + more <= maxBytes) {
      return true;
    }
    FileTime changed = Files.getLastModifiedTime(folder);
    if (!changed.equals(counted)) {
      counted = changed;
      bytes = 0;
      for (Path file : files()) {
        bytes += file.toFile().length(); // 0 if it was replayed meanwhile
      }
    }
    return bytes + more <= maxBytes;
  }

  /** Where an endpoint's are, in its app's folder. */
  static Path folder(Path appFolder, Endpoint endpoint) {
    return appFolder.resolve(PREFIX + endpoint.fileName());
  }

  /** Those of all endpoints that ever were. */
  static List<Path> folders(Path appFolder) throws IOException {
    if (!Files.isDirectory(appFolder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(appFolder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .sorted()
          .toList();
    }
  }

  /** All of them, the oldest first. */
  List<Path> files() throws IOException {
    return files(folder);
  }

  static List<Path> files(Path folder) throws IOException {
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
