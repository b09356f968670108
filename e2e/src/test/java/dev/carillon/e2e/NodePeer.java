package dev.carillon.e2e;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * pusher-js and Pusher's Node SDK in a process of their own, see {@code bridge/pusher.mjs}.
 * Confined to the test's thread.
 */
final class NodePeer implements AutoCloseable {
  private static final Gson GSON = new Gson();

  private final Inbox<JsonObject> answers = new Inbox<>("pusher-js");
  private final Process process;

  /** Starts it, with the master key as base64. */
  NodePeer(Product product, String masterKey) throws IOException {
    var e2e = Path.of(System.getProperty("carillon.root", ".."), "e2e");
    process =
        new ProcessBuilder("node", "bridge/pusher.mjs", Integer.toString(product.port()), masterKey)
            .directory(e2e.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var reader = new Thread(this::read, "pusher-js");
    reader.setDaemon(true);
    reader.start();
  }

  /** Connects pusher-js and subscribes; its events are what {@link #next} gives. */
  void join(String channel) throws IOException, InterruptedException {
    tell(Map.of("join", channel));
    answers.nextThat(answer -> answer.has("joined"), "joined", Inbox.LIMIT);
  }

  /** Triggers by the Node SDK and gives the answer's status. */
  int trigger(String channel, String event, Object data) throws IOException, InterruptedException {
    tell(Map.of("trigger", List.of(channel, event, data)));
    return answers
        .nextThat(answer -> answer.has("status"), "status", Inbox.LIMIT)
        .get("status")
        .getAsInt();
  }

  /** The next event of pusher-js as {@code {"event":…,"data":…}}. */
  JsonObject next() throws InterruptedException {
    return answers.nextThat(answer -> answer.has("event"), "an event", Inbox.LIMIT);
  }

  private void tell(Map<String, Object> what) throws IOException {
    var in = process.outputWriter();
    in.write(GSON.toJson(what));
    in.newLine();
    in.flush();
  }

  private void read() {
    try (BufferedReader out = process.inputReader()) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        answers.put(JsonParser.parseString(line).getAsJsonObject());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.outputWriter().close();
    if (!process.waitFor(Inbox.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "pusher-js is still there " + Inbox.LIMIT + " after its input ended");
    }
  }
}
