package dev.carillon.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.webhook.Told.Presence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  private static final long SEGMENT_BYTES = 1_000;

  @TempDir private Path folder;

  private static LogRecord event(WebhookKind kind, String channel, String user) {
    return new LogRecord(kind, Instant.EPOCH, channel, user, channel.getBytes());
  }

  private static List<String> channels(EventLog log, Position from) throws IOException {
    List<String> channels = new ArrayList<>();
    try (LogReader reader = new LogReader(log, from)) {
      for (LogRecord next = reader.next(); next != null; next = reader.next()) {
        channels.add(next.channel());
      }
    }
    return channels;
  }

  private static void append(EventLog log, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      log.append(event(WebhookKind.CLIENT_EVENT, "c" + i, ""));
    }
  }

  private static String[] numbers(int from, int to) {
    return java.util.stream.IntStream.range(from, to).mapToObj(i -> "c" + i).toArray(String[]::new);
  }

  @Test
  void isReadInOrderOverSegmentsAndProcesses() throws Exception {
    for (int process = 0; process < 3; process++) {
      try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
        append(log, process * 100, process * 100 + 100);
      }
    }

    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      assertThat(channels(log, log.start())).containsExactly(numbers(0, 300));
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isEqualTo(log.bytes());
      }
    }
  }

  @Test
  void goesOnBehindWhatIsDamaged() throws Exception {
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      append(log, 0, 3);
      Files.write(log.path(1), new byte[] {0, 0, 0, 9, 1, 2, 3}, StandardOpenOption.APPEND);
    }
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      append(log, 3, 6);
    }

    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      assertThat(channels(log, log.start())).containsExactly(numbers(0, 6));
    }
  }

  @Test
  void numbersNoSegmentTwiceEvenIfAllWereDeleted() throws Exception {
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      append(log, 0, 3);
    }
    Position place;
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      place = log.end(); // of an endpoint that is new
      log.deleteBefore(place.segment());
    }

    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      append(log, 3, 6);
      assertThat(channels(log, place)).containsExactly(numbers(3, 6));
    }
  }

  @Test
  void overwritesNothingWhenItIsOpenedAgain() throws Exception {
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      append(log, 0, 3);
      log.close();
      append(log, 3, 6);
      assertThat(channels(log, log.start())).containsExactly(numbers(0, 6));
    }
  }

  @Test
  void losesNothingElseIfTheLastSegmentEndsAtAnyByte() throws Exception {
    byte[] whole;
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      append(log, 0, 4);
      whole = Files.readAllBytes(log.path(1));
    }
    int frame = whole.length / 4;
    for (int length = 0; length <= whole.length; length++) {
      Path other = Files.createDirectories(folder.resolve("cut-" + length));
      Files.write(other.resolve("events-%016d.log".formatted(1)), Arrays.copyOf(whole, length));
      try (EventLog log = EventLog.open(other, SEGMENT_BYTES)) {
        append(log, 4, 6);
        List<String> expected = new ArrayList<>(List.of(numbers(0, length / frame)));
        expected.addAll(List.of("c4", "c5"));
        assertThat(channels(log, new Position(1, 0))).as("length %s", length).isEqualTo(expected);
      }
    }
  }

  @Test
  void losesNoMoreThanWhatIsDeleted() throws Exception {
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      append(log, 0, 100);
      long middle = log.end().segment() / 2;

      log.deleteBefore(middle);

      assertThat(log.start()).isEqualTo(new Position(middle, 0));
      List<String> left = channels(log, new Position(1, 0));
      assertThat(left).isNotEmpty().endsWith("c99").doesNotContain("c0");
      log.deleteBefore(Long.MAX_VALUE);
      assertThat(log.start().segment()).isEqualTo(log.end().segment());
    }
  }

  @Test
  void refusesWhatWouldFillTheDisk() throws Exception {
    AtomicLong free = new AtomicLong(10_000_000);
    try (EventLog log = EventLog.open(folder, 1_000_000, free::get)) {
      append(log, 0, 3);
      free.set(4_000_000);

      assertThatThrownBy(() -> append(log, 3, 3_000))
          .hasMessageContaining("has 4000000 bytes free, of which 4194304 are left free");

      List<String> kept = channels(log, log.start());
      assertThat(kept).containsExactly(numbers(0, kept.size()));
      log.deleteBefore(log.end().segment());
      assertThat(log.bytes()).isZero();
      free.set(10_000_000);
      append(log, 0, 3);
      assertThat(channels(log, log.start())).containsExactly(numbers(0, 3));
    }
  }

  /** What was told is known also when the segments that told it are gone. */
  @Test
  void whatWasToldOutlivesItsSegments() throws Exception {
    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      log.append(event(WebhookKind.CHANNEL_OCCUPIED, "stays", ""));
      log.append(event(WebhookKind.MEMBER_ADDED, "stays", "7"));
      for (int i = 0; i < 50; i++) {
        log.append(event(WebhookKind.CHANNEL_OCCUPIED, "goes", ""));
        log.append(event(WebhookKind.CHANNEL_VACATED, "goes", ""));
      }
      long segment = log.end().segment();
      Told.at(folder, log, segment).save(folder, segment);
      log.deleteBefore(segment);
      log.append(event(WebhookKind.MEMBER_ADDED, "stays", "8"));
      log.append(event(WebhookKind.MEMBER_REMOVED, "stays", "7"));
    }

    try (EventLog log = EventLog.open(folder, SEGMENT_BYTES)) {
      Told told = Told.at(folder, log, log.end().segment());

      assertThat(told.present())
          .isEqualTo(Set.of(new Presence("stays", ""), new Presence("stays", "8")));
    }
  }
}
