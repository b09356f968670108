package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A hundred thousand frames that nobody thought of; the seed makes a failure repeatable. */
class RandomInputTest {
  private static final long SEED = 20_260_101;
  private static final int FRAMES = 100_000;
  private static final int SOCKETS = 4;
  private static final int FRAMES_A_WRITE = 50;

  private static final List<String> VALID =
      List.of(
          "{\"event\":\"pusher:ping\",\"data\":{}}",
          "{\"event\":\"pusher:pong\"}",
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\"}}",
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-a\",\"auth\":\"k:00\"}}",
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-a\","
              + "\"auth\":\"k:00\",\"channel_data\":\"{\\\"user_id\\\":\\\"7\\\"}\"}}",
          "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}",
          "{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":{\"a\":[1,2.5,null,\"ü\"]}}",
          "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"k:00\",\"user_data\":\"{}\"}}",
          "{\"event\":\"anything\",\"data\":\"\\ud83d\\ude00\\u0000\"}");

  private final Random random = new Random(SEED);

  @Test
  void noFrameHarmsTheServer() {
    try (ErrorLog log = new ErrorLog();
        TestServer server = TestServer.start();
        TestClient innocent = server.connect().join("innocent")) {
      RawClient[] clients = new RawClient[SOCKETS];

      for (int sent = 0; sent < FRAMES; sent += FRAMES_A_WRITE) {
        int i = random.nextInt(SOCKETS);
        if (clients[i] == null) {
          clients[i] = RawClient.connect(server);
        }
        if (!survives(clients[i])) {
          clients[i].reset();
          clients[i] = null;
        }
      }

      for (RawClient client : clients) {
        if (client != null) {
          client.reset();
        }
      }
      server.api().trigger("innocent", "e", "x");
      innocent.expectEvent("e");
      try (TestClient another = server.connect().join("another")) {
        server.api().trigger("another", "e", "x");
        another.expectEvent("e");
      }
      log.expectNothing();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("event-loop") || name.startsWith("admin"));
  }

  /** Sends some frames, and one ping to see by its answer whether the connection is still open. */
  private boolean survives(RawClient client) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < FRAMES_A_WRITE; i++) {
      frames.writeBytes(frame());
    }
    frames.writeBytes(RawClient.frame(0x80 | RawClient.PING, new byte[] {'!'}));
    try {
      client.send(frames.toByteArray());
      return isAnswered(client);
    } catch (UncheckedIOException e) {
      return false; // ended
    }
  }

  private static boolean isAnswered(RawClient client) {
    RawClient.Frame frame = client.next();
    while (frame.opcode() != RawClient.CLOSE) {
      if (frame.opcode() == RawClient.PONG && frame.text().equals("!")) {
        return true;
      }
      frame = client.next();
    }
    return false;
  }

  private byte[] frame() {
    byte[] payload = VALID.get(random.nextInt(VALID.size())).getBytes(StandardCharsets.UTF_8);
    int dice = random.nextInt(1_000);
    if (dice < 500) {
      return RawClient.frame(0x80 | RawClient.TEXT, payload);
    }
    if (dice < 950) {
      return RawClient.frame(0x80 | RawClient.TEXT, mutatedText(payload));
    }
    if (dice < 985) {
      return RawClient.frame(0x80 | RawClient.BINARY, randomBytes(200));
    }
    if (dice < 990) {
      return RawClient.frame(random.nextInt(256), randomBytes(150));
    }
    if (dice < 995) {
      return mutated(RawClient.frame(0x80 | RawClient.TEXT, payload));
    }
    return randomBytes(50);
  }

  /** Some characters replaced, left out or doubled; still text. */
  private byte[] mutatedText(byte[] valid) {
    byte[] text = valid.clone();
    for (int i = random.nextInt(5); i >= 0; i--) {
      int at = random.nextInt(text.length);
      if (text[at] > 0) {
        text[at] = (byte) (32 + random.nextInt(95));
      }
    }
    int from = random.nextInt(8);
    boolean ascii = text.length == new String(text, StandardCharsets.UTF_8).length();
    int to =
        ascii && random.nextBoolean() ? from + random.nextInt(text.length - from) : text.length;
    return Arrays.copyOfRange(text, from, to);
  }

  private byte[] mutated(byte[] frame) {
    byte[] bytes = frame.clone();
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    return bytes;
  }

  private byte[] randomBytes(int atMost) {
    byte[] bytes = new byte[random.nextInt(atMost)];
    random.nextBytes(bytes);
    return bytes;
  }
}
