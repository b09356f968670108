package dev.carillon.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.WebhookAuth;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** An app's own server that is told of events: keeps requests as they came, bytes and letters. */
public final class TestEndpoint implements AutoCloseable {
  private static final int SECONDS = 20;

  /**
   * One request.
   *
   * @param nanoTime when it had come, before it was answered
   */
  public record Post(String head, byte[] body, long nanoTime) {
    public String header(String name) {
      return head.lines()
          .filter(
              line ->
                  line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse("");
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** What is told, one text each: {@code {"name":…}}. */
    public List<String> events() {
      List<String> events = new ArrayList<>();
      TestClient.json(text()).path("events").forEach(event -> events.add(event.toString()));
      return events;
    }

    public boolean isSigned() {
      return WebhookAuth.valid(
          TestServer.CREDENTIALS, header("X-Pusher-Key"), header("X-Pusher-Signature"), body);
    }
  }

  private final ServerSocket socket;
  private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
  private final AtomicInteger number = new AtomicInteger();
  private final List<String> waiting = new ArrayList<>();
  private final Set<String> deliveries = new HashSet<>();
  private volatile IntFunction<String> answers = n -> "200 OK";

  /** On any free port; takes everything. */
  public TestEndpoint() {
    this(0);
  }

  public TestEndpoint(int port) {
    this(listen(port));
  }

  /** On that socket, which it closes. */
  public TestEndpoint(ServerSocket socket) {
    this.socket = socket;
    start(this::accept);
  }

  private static ServerSocket listen(int port) {
    try {
      return new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "endpoint");
    thread.setDaemon(true);
    thread.start();
  }

  /** Answers the nth request, from 1, so: a status line's end, and headers behind a line's end. */
  public TestEndpoint answering(IntFunction<String> lines) {
    answers = lines;
    return this;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/pusher?a=b");
  }

  public int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.write(next);
      }
      String text = head.toString(StandardCharsets.ISO_8859_1);
      int length = Integer.parseInt(new Post(text, new byte[0], 0).header("Content-Length"));
      posts.add(new Post(text, in.readNBytes(length), System.nanoTime()));
      String answer = answers.apply(number.incrementAndGet());
      client
          .getOutputStream()
          .write(
              ("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return; // the other side is gone
    }
  }

  /** The next request. */
  public Post next() {
    try {
      Post next = posts.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("a webhook within %s s", SECONDS).isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The next event, of however many requests. A delivery that comes again counts once: a process
   * that ends may not know that it was taken.
   */
  public String nextEvent() {
    while (waiting.isEmpty()) {
      Post next = next();
      if (deliveries.add(next.header("Idempotency-Key"))) {
        waiting.addAll(next.events());
      }
    }
    return waiting.remove(0);
  }

  /** The next event must be this, of however many requests. */
  public TestEndpoint expect(String name, String channel) {
    JsonNode event = TestClient.json(nextEvent());
    assertThat(event.path("name").asText() + " " + event.path("channel").asText())
        .isEqualTo(name + " " + channel);
    return this;
  }

  /** How many requests have come that were not taken. */
  public int untaken() {
    return posts.size() + waiting.size();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
