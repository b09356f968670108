package dev.carillon.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersTest {
  @TempDir private Path folder;

  private static Delivery delivery(int number) {
    return new Delivery(
        "an-id-" + number, Instant.ofEpochMilli(number), Instant.EPOCH, 1, new byte[1_000]);
  }

  private static int fill(DeadLetters letters, int from) throws Exception {
    int number = from;
    while (letters.add(delivery(number))) {
      number++;
    }
    return number - from;
  }

  @Test
  void areLimitedAlsoOverProcesses() throws Exception {
    DeadLetters letters = new DeadLetters(folder, 20_000);
    letters.add(delivery(0));

    assertThat(1 + fill(new DeadLetters(folder, 20_000), 1)).isEqualTo(19);
    assertThat(fill(new DeadLetters(folder, 20_000), 100)).isZero();
  }

  @Test
  void whatWasReplayedMakesPlace() throws Exception {
    DeadLetters letters = new DeadLetters(folder, 20_000);
    fill(letters, 0);
    List<Path> files = letters.files();

    FileTime filled = Files.getLastModifiedTime(folder);
    Files.delete(files.get(0));
    Files.delete(files.get(1));
    while (Files.getLastModifiedTime(folder).equals(filled)) { // its clock ticks slowly
      Files.delete(Files.createFile(folder.resolve("tick")));
    }

    assertThat(fill(letters, 100)).isEqualTo(2);
    assertThat(fill(letters, 200)).isZero();
  }

  /** Looking at all of them for each that is added takes minutes. */
  @Test
  @Timeout(30)
  void addingOneCostsTheSameHoweverManyThereAre() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      Files.createFile(folder.resolve(i + ".delivery"));
    }
    DeadLetters letters = new DeadLetters(folder, Long.MAX_VALUE);

    for (int i = 0; i < 3_000; i++) {
      letters.add(delivery(i));
    }

    assertThat(letters.files()).hasSize(13_000);
  }
}
