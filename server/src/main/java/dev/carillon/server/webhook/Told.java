package dev.carillon.server.webhook;

import dev.carillon.server.config.WebhookKind;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the app's server believes: the channels that it was told are occupied and the members that
 * it was told are in. A new process takes back what is not so any more. It is computed from the log
 * alone: a file that says what was believed at the begin of a segment, and what was told since.
 *
 * <p>Confined to one thread.
 */
final class Told {
  private static final String PREFIX = "told-";

  /**
   * Who or what is there.
   *
   * @param user empty for the channel itself
   */
  record Presence(String channel, String user) {}

  private final Set<Presence> present = new LinkedHashSet<>();

  /** What was believed where that segment begins. Reads the log up to there. */
  static Told at(Path folder, EventLog log, long segment) throws IOException {
    Told told = new Told();
    long from = told.load(folder, segment);
    try (LogReader reader = new LogReader(log, new Position(from, 0), new Position(segment, 0))) {
      for (LogRecord next = reader.next(); next != null; next = reader.next()) {
        told.add(next);
      }
    }
    return told;
  }

  Set<Presence> present() {
    return present;
  }

  private void add(LogRecord event) {
    Presence presence = new Presence(event.channel(), event.user());
    WebhookKind kind = event.kind();
    if (kind == WebhookKind.CHANNEL_OCCUPIED || kind == WebhookKind.MEMBER_ADDED) {
      present.add(presence);
    } else if (kind == WebhookKind.CHANNEL_VACATED || kind == WebhookKind.MEMBER_REMOVED) {
      present.remove(presence);
    }
  }

  /** Reads the newest whole file; which segment it is of, 0 if there is none. */
  private long load(Path folder, long segment) throws IOException {
    long newest = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Told::isOurs).sorted().toList()) {
        long number = Long.parseLong(file.getFileName().toString().substring(PREFIX.length()));
        if (number <= segment && load(file)) {
          newest = number;
        }
      }
    }
    return newest;
  }

  private boolean load(Path file) throws IOException {
    byte[] content;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      content = RecordFrames.read(in, Files.size(file));
    }
    if (content == null) {
      return false;
    }
    present.clear();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    for (int left = in.readInt(); left > 0; left--) {
      present.add(new Presence(in.readUTF(), in.readUTF()));
    }
    return true;
  }

  /** Saves it as what was believed where that segment begins, and deletes what was saved before. */
  void save(Path folder, long segment) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(present.size());
      for (Presence presence : present) {
        out.writeUTF(presence.channel());
        out.writeUTF(presence.user());
      }
    }
    Path saved = folder.resolve("%s%016d".formatted(PREFIX, segment));
    WholeFile.write(saved, RecordFrames.frame(bytes.toByteArray()));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Told::isOurs).filter(file -> !file.equals(saved)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean isOurs(Path file) {
    return file.getFileName().toString().matches(PREFIX + "[0-9]{16}");
  }
}
