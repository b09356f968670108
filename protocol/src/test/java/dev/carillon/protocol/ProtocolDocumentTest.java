package dev.carillon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/PROTOCOL.md shows is what the other tests of this module read and write. */
class ProtocolDocumentTest {
  private static final Path FILES = Path.of("src/test/resources/wire");
  private static final Path DOCUMENT = Path.of("../docs/PROTOCOL.md");

  /** A file's name in a comment, then the file in a fenced block. */
  private static final Pattern SHOWN =
      Pattern.compile("<!-- wire: ([a-z-]+) -->\n```json\n(.*?\n)```\n", Pattern.DOTALL);

  @Test
  void showsEveryFrameAndBodyUnchanged() throws IOException {
    Map<String, String> shown = new TreeMap<>();
    Matcher blocks = SHOWN.matcher(Files.readString(DOCUMENT));
    while (blocks.find()) {
      assertThat(shown.put(blocks.group(1), blocks.group(2))).as(blocks.group(1)).isNull();
    }

    assertThat(shown).isEqualTo(files());
  }

  private static Map<String, String> files() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> paths = Files.list(FILES)) {
      for (Path path : paths.toList()) {
        String name = path.getFileName().toString().replace(".json", "");
        texts.put(name, Files.readString(path));
      }
    }
    return texts;
  }
}
