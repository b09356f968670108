package dev.carillon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EncodersTest {
  private static LoggingEvent event(String message, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "fqcn",
            new LoggerContext().getLogger("dev.carillon.x"),
            Level.INFO,
            message,
            thrown,
            new Object[] {"a=1"});
    event.setInstant(Instant.parse("2026-01-05T10:02:11.120Z"));
    event.setThreadName("main");
    return event;
  }

  @Test
  void textIsOneLineWithAlignedLevels() {
    String line = new String(new TextLineEncoder().encode(event("Server\nup {}", null)), UTF_8);

    assertThat(line).isEqualTo("2026-01-05T10:02:11.120Z INFO  Server?up a=1\n");
  }

  @Test
  void textPutsTheStackTraceBehind() {
    String lines =
        new String(new TextLineEncoder().encode(event("x", new Exception("why"))), UTF_8);

    assertThat(lines).contains("INFO  x\njava.lang.Exception: why").contains("EncodersTest");
  }

  @Test
  void jsonIsOneFlatObjectALine() throws Exception {
    String line =
        new String(new JsonLineEncoder().encode(event("\"up\" {}\n", new Exception("why"))), UTF_8);

    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(line).endsWith("}\n").hasLineCount(1);
    assertThat(json.path("time").asText()).isEqualTo("2026-01-05T10:02:11.120Z");
    assertThat(json.path("level").asText()).isEqualTo("INFO");
    assertThat(json.path("message").asText()).isEqualTo("\"up\" a=1\n");
    assertThat(json.path("error").asText()).startsWith("java.lang.Exception: why");
  }
}
