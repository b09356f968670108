package dev.carillon.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client of the HTTP fallbacks on bare sockets: one to receive by, another to send by. As
 * pusher-js it begins a new request when an answer has become too long, or has ended.
 */
public final class XhrClient implements AutoCloseable {
  public static final String STREAMING = "xhr_streaming";
  public static final String POLLING = "xhr";

  private static final AtomicInteger SERIAL = new AtomicInteger();
  private static final int MAX_ANSWER_UNITS = 256 * 1024;

  private final int port;
  private final String path;
  private final String transport;
  private final String headers;
  private final Deque<String> lines = new ArrayDeque<>();
  private final Deque<String> messages = new ArrayDeque<>();
  private final RawClient sender;
  private RawClient receiver;
  private String query = "?protocol=7&client=js&version=8.6.0&t=1&n=1";
  private String head = "";
  private String unread = "";
  private String socketId = "";
  private int read;
  private int requests;

  private XhrClient(int port, String path, String transport, String headers) {
    this.port = port;
    this.path = path;
    this.transport = transport;
    this.headers = headers;
    this.receiver = RawClient.open(port);
    this.sender = RawClient.open(port);
  }

  /** A session id that no other test uses. */
  public static String session() {
    return "%03d/s%07d".formatted(SERIAL.incrementAndGet() % 1000, SERIAL.get());
  }

  /** A client of app 3 that has not connected. */
  public static XhrClient of(TestServer server, String transport) {
    return of(server, transport, TestServer.KEY, session(), "");
  }

  /** A client that has not connected, with further headers. */
  public static XhrClient of(
      TestServer server, String transport, String key, String session, String headers) {
    return new XhrClient(server.port(), "/pusher/app/" + key + "/" + session, transport, headers);
  }

  /** A connection that was established. */
  public static XhrClient connect(TestServer server, String transport) {
    return of(server, transport).connect();
  }

  /** Connects and takes the first frame, which tells the socket id. */
  public XhrClient connect() {
    request();
    assertThat(nextLine()).isEqualTo("o{}");
    JsonNode frame = expectEvent("pusher:connection_established");
    socketId = TestClient.json(frame.path("data").asText()).path("socket_id").asText();
    return this;
  }

  /** Asks with another query. */
  public XhrClient query(String other) {
    query = other;
    return this;
  }

  public String path() {
    return path;
  }

  public SocketId socketId() {
    return new SocketId(socketId);
  }

  /** How many requests it has begun to receive by. */
  public int requests() {
    return requests;
  }

  /** The head of the latest answer. */
  public String head() {
    return head;
  }

  /** A POST, as bytes. */
  public static String post(String target, String headers, String body) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + headers
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  /** Begins a request to receive by; a stream's head is read. */
  public void request() {
    requests++;
    read = 0;
    receiver.send(post(path + "/" + transport + query, headers, ""));
    if (transport.equals(STREAMING)) {
      head = receiver.readHead();
      assertThat(head).startsWith("HTTP/1.1 200 ");
    }
  }

  /** Begins another request on a socket of its own; the one before is left as it is. */
  public RawClient another() {
    RawClient before = receiver;
    receiver = RawClient.open(port);
    request();
    return before;
  }

  /** Reads the answer to a poll. */
  private void readAnswer() {
    String answer = receiver.readAnswer();
    int body = answer.indexOf("\r\n\r\n") + 4;
    head = answer.substring(0, body);
    assertThat(head).startsWith("HTTP/1.1 200 ");
    take(answer.substring(body));
  }

  private void take(String text) {
    read += text.length();
    unread += text;
    int end = unread.lastIndexOf('\n') + 1;
    for (String line : unread.substring(0, end).split("\n")) {
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    unread = unread.substring(end);
  }

  private boolean chunked() {
    return head.contains("chunked");
  }

  /** Reads until there is a line. */
  private void fill() {
    while (lines.isEmpty()) {
      if (transport.equals(POLLING)) {
        if (requests > 0 && !head.isEmpty()) {
          request();
        }
        readAnswer();
      } else if (!chunked()) {
        throw new AssertionError("a whole answer, read by readRest");
      } else {
        take(receiver.readChunk());
      }
    }
  }

  /** The next line of the answers, whatever it is. */
  public String nextLine() {
    fill();
    return lines.remove();
  }

  /** The next line without beginning a further request. */
  public boolean hasLine() {
    return !lines.isEmpty();
  }

  /** The next message; heartbeats are dropped, and streaming clients answer them. */
  public String nextText() {
    while (messages.isEmpty()) {
      if (lines.isEmpty() && read > MAX_ANSWER_UNITS && unread.isEmpty() && chunked()) {
        receiver.close();
        receiver = RawClient.open(port);
        request();
      }
      String line = nextLine();
      if (line.equals("h")) {
        if (transport.equals(STREAMING)) {
          send("[]");
        }
        continue;
      }
      assertThat(line).startsWith("a[");
      TestClient.json(line.substring(1)).forEach(message -> messages.add(message.asText()));
    }
    return messages.remove();
  }

  public JsonNode next() {
    return TestClient.json(nextText());
  }

  public JsonNode expectEvent(String event) {
    JsonNode frame = next();
    assertThat(frame.path("event").asText()).as("event of %s", frame).isEqualTo(event);
    return frame;
  }

  /** The next line must close the connection; its code. */
  public int closeCode() {
    String line = nextLine();
    while (line.equals("h")) {
      line = nextLine();
    }
    assertThat(line).startsWith("c[");
    return TestClient.json(line.substring(1)).path(0).asInt();
  }

  /** Sends that body by {@code xhr_send}; the whole answer. */
  public String post(String body) {
    sender.send(post(path + "/xhr_send?t=1&n=1", headers, body).getBytes(StandardCharsets.UTF_8));
    return readPosted();
  }

  /** The answer to the next body that was sent. */
  public String readPosted() {
    String answer = sender.readHead();
    if (!answer.startsWith("HTTP/1.1 204 ")) {
      throw new AssertionError("not taken: " + answer);
    }
    return answer;
  }

  /** Sends that body, which must be accepted. */
  public XhrClient send(String body) {
    assertThat(post(body)).startsWith("HTTP/1.1 204 ");
    return this;
  }

  /** Sends a message. */
  public XhrClient message(String text) {
    return send("[" + TestClient.quoted(text) + "]");
  }

  /** Sends a body that must be refused; the answer. */
  public String refused(String body) {
    sender.send(post(path + "/xhr_send?t=1&n=1", headers, body).getBytes(StandardCharsets.UTF_8));
    return sender.readAnswer();
  }

  public RawClient sender() {
    return sender;
  }

  public RawClient receiver() {
    return receiver;
  }

  /** Joins a channel, and takes the acknowledgement. */
  public JsonNode join(String channel, @Nullable String channelData) {
    String auth =
        ChannelAuth.sign(TestServer.CREDENTIALS, socketId(), ChannelName.of(channel), channelData);
    String data = channelData == null ? "" : ",\"channel_data\":" + TestClient.quoted(channelData);
    message(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
            + channel
            + "\",\"auth\":\""
            + auth
            + "\""
            + data
            + "}}");
    return expectEvent("pusher_internal:subscription_succeeded");
  }

  public XhrClient join(String channel) {
    join(channel, null);
    return this;
  }

  /** Nothing more has come: a ping's answer is the next. */
  public void expectSilence() {
    message("{\"event\":\"pusher:ping\",\"data\":{}}");
    assertThat(nextText()).isEqualTo("{\"event\":\"pusher:pong\",\"data\":\"{}\"}");
  }

  /** The lines of a whole answer, as a refusal is. */
  public List<String> wholeAnswer() {
    receiver.send(post(path + "/" + transport + query, headers, ""));
    readAnswer();
    List<String> all = new ArrayList<>(lines);
    lines.clear();
    return all;
  }

  @Override
  public void close() {
    receiver.close();
    sender.close();
  }
}
