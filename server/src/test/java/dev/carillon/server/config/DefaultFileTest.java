package dev.carillon.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DefaultFileTest {
  private static final Path FILE = Path.of("..", "config.yaml");

  @Test
  void saysWhatAnEmptyFileMeans() throws Exception {
    ConfigLoader loader = new ConfigLoader(Map.of());

    ServerConfig server = Config.defaults().server();
    AuthEndpointConfig.Builder auth = Config.defaults().authEndpoint().toBuilder();
    auth.database().url("jdbc:h2:" + FILE.toAbsolutePath().normalize().resolveSibling("data/auth"));
    assertThat(loader.load(FILE))
        .isEqualTo(
            Config.defaults()
                .withAuthEndpoint(auth.build())
                .withServer(server.toBuilder().dataDir(Path.of("..", "data")).build()));
    assertThat(loader.load("empty.yaml", "")).isEqualTo(Config.defaults());
    assertThat(loader.load("sections.yaml", "server:\nadmin:\nlogging: {}\n"))
        .isEqualTo(Config.defaults());
  }

  @Test
  void namesEveryKeyThatIsKnown() throws Exception {
    String text = Files.readString(FILE);

    assertThat(Keys.FILE.keyNames()).allSatisfy(key -> assertThat(text).contains("\n" + key + ":"));
    assertThat(Keys.SERVER.keyNames())
        .allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.ADMIN.keyNames()).allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.SCALING.keyNames())
        .allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.REDIS.keyNames()).allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.SENTINEL.keyNames())
        .allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.APP.keyNames()).allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.WEBHOOK.keyNames())
        .allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.STATUS.keyNames())
        .allSatisfy(key -> assertThat(text).contains("\n      " + key + ":"));
    assertThat(Keys.STATUS_RULES.keyNames())
        .allSatisfy(key -> assertThat(text).contains("\n  " + key + ":"));
    assertThat(Keys.DND.keyNames())
        .allSatisfy(key -> assertThat(text).contains("\n    " + key + ":"));
    assertThat(Keys.LOGGING.keyNames()).allSatisfy(key -> assertThat(text).contains(key + ":"));
    assertThat(Keys.AUTH_ENDPOINT.keyNames())
        .allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
    assertThat(Keys.JWT.keyNames()).allSatisfy(key -> assertThat(text).contains(" " + key + ":"));
  }

  /** Whatever is wrong with a file, the mistakes are told, each in one line. */
  @Test
  void whenMutatedIsLoadedOrRefusedInOrder() throws Exception {
    String text = Files.readString(FILE);
    String pieces = "{}[]:,&*!|>'\"%@`#-? \n\t$0aé\u0000\ufffe";
    Random random = new Random(4711);
    int refused = 0;

    for (int round = 0; round < 3_000; round++) {
      StringBuilder mutant = new StringBuilder(text);
      for (int change = random.nextInt(4); change >= 0; change--) {
        mutate(mutant, pieces, random);
      }
      try {
        new ConfigLoader(Map.of("A", "1")).load("config.yaml", mutant.toString());
      } catch (ConfigException e) {
        refused++;
        assertThat(e.mistakes())
            .isNotEmpty()
            .allSatisfy(mistake -> assertThat(mistake).startsWith("config.yaml:").hasLineCount(1));
      }
    }

    assertThat(refused).isGreaterThan(500);
  }

  private static void mutate(StringBuilder text, String pieces, Random random) {
    int at = random.nextInt(text.length());
    String piece = String.valueOf(pieces.charAt(random.nextInt(pieces.length())));
    switch (random.nextInt(4)) {
      case 0 -> text.insert(at, piece);
      case 1 -> text.replace(at, at + 1, piece);
      case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
      default -> {
        int from = random.nextInt(text.length());
        text.insert(at, text.substring(from, Math.min(text.length(), from + 60)));
      }
    }
  }
}
