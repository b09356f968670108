package dev.carillon.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.RequestAuth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The other side of the status calls: an HTTP server that refuses what is not signed, keeps what
 * was asked, and answers as it was told to. Thread-safe.
 */
final class RecordingServer implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final BlockingQueue<Call> activities = new LinkedBlockingQueue<>();
  private final Map<String, Function<Call, Reply>> replies = new ConcurrentHashMap<>();

  /** One request, whose signature was right. */
  record Call(String method, String path, Map<String, String> query, JsonNode body) {
    /** When, in seconds since 1970. */
    long signedAt() {
      return Long.parseLong(query.get("auth_timestamp"));
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  record Reply(int status, String body) {}

  RecordingServer() {
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What it answers to such a call from now on; {@code {}} to others. */
  RecordingServer answers(String call, int status, String body) {
    return answers(call, request -> new Reply(status, body));
  }

  RecordingServer answers(String call, Function<Call, Reply> reply) {
    replies.put(call, reply);
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    URI uri = exchange.getRequestURI();
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : uri.getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      query.computeIfAbsent(decoded(parts[0]), k -> new ArrayList<>()).add(decoded(parts[1]));
    }
    Reply reply;
    try {
      RequestAuth.verify(
          TestSite.APP, exchange.getRequestMethod(), uri.getRawPath(), query, body, Instant.now());
      reply = reply(exchange, query, body);
    } catch (ProtocolException e) {
      reply = new Reply(401, e.text());
    }
    byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private Reply reply(HttpExchange exchange, Map<String, List<String>> query, byte[] body)
      throws IOException {
    Map<String, String> first = new LinkedHashMap<>();
    query.forEach((key, values) -> first.put(key, values.get(0)));
    Call call =
        new Call(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            first,
            body.length == 0 ? MAPPER.nullNode() : MAPPER.readTree(body));
    (call.path().endsWith("/activity") ? activities : calls).add(call);
    return replies.getOrDefault(call.toString(), request -> new Reply(200, "{}")).apply(call);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** The next call that came, but those that tell of activity. */
  Call next() {
    return next(calls);
  }

  /** The next call that tells of a user's activity. */
  Call nextActivity() {
    return next(activities);
  }

  private static Call next(BlockingQueue<Call> queue) {
    try {
      Call call = queue.poll(10, TimeUnit.SECONDS);
      if (call == null) {
        throw new AssertionError("no call came");
      }
      return call;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  int waiting() {
    return calls.size();
  }

  int activitiesWaiting() {
    return activities.size();
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
