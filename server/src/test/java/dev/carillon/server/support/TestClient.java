package dev.carillon.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that sends what it is told, and hands out what comes in, one by one. */
public final class TestClient implements AutoCloseable {
  public static final JsonMapper JSON = new JsonMapper();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int SECONDS = 10;

  /** What has come in: a text, a pong's payload, or a close code. */
  private record Received(String kind, String text, int code) {}

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final WebSocket webSocket;
  private String socketId = "";

  private TestClient(String address, @Nullable String origin) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (origin != null) {
      builder.header("Origin", origin);
    }
    webSocket = builder.buildAsync(URI.create(address), new Listener()).join();
  }

  public static TestClient open(String address) {
    return new TestClient(address, null);
  }

  public static TestClient open(String address, String origin) {
    return new TestClient(address, origin);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(new Received("text", text.toString(), 0));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      received.add(new Received("ping", "", 0));
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      received.add(new Received("pong", new String(bytes), 0));
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      received.add(new Received("close", reason, code));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      received.add(new Received("error", String.valueOf(error), 0));
    }
  }

  /** Takes the first frame, which must be the one that tells the socket id. */
  public TestClient established() {
    JsonNode frame = next();
    assertThat(frame.path("event").asText()).isEqualTo("pusher:connection_established");
    socketId = json(frame.path("data").asText()).path("socket_id").asText();
    return this;
  }

  public SocketId socketId() {
    return new SocketId(socketId);
  }

  public TestClient send(String text) {
    webSocket.sendText(text, true).join();
    return this;
  }

  /** Sends a text in two frames. */
  public TestClient sendInParts(String first, String second) {
    webSocket.sendText(first, false).join();
    webSocket.sendText(second, true).join();
    return this;
  }

  public TestClient sendBinary(byte[] bytes) {
    webSocket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    return this;
  }

  public TestClient sendPing(String payload) {
    webSocket.sendPing(ByteBuffer.wrap(payload.getBytes())).join();
    return this;
  }

  /** Subscribes to a public channel, without waiting. */
  public TestClient subscribe(String channel) {
    return send("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":" + quoted(channel) + "}}");
  }

  /** Subscribes with that signature and data, without waiting. */
  public TestClient subscribe(String channel, String auth, @Nullable String channelData) {
    String data = channelData == null ? "" : ",\"channel_data\":" + quoted(channelData);
    return send(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":"
            + quoted(channel)
            + ",\"auth\":"
            + quoted(auth)
            + data
            + "}}");
  }

  /** Subscribes with the right signature, without waiting. */
  public TestClient subscribeSigned(String channel, @Nullable String channelData) {
    return subscribe(channel, sign(channel, channelData), channelData);
  }

  public String sign(String channel, @Nullable String channelData) {
    return ChannelAuth.sign(
        TestServer.CREDENTIALS, socketId(), ChannelName.of(channel), channelData);
  }

  /** Joins a public or private channel, and takes the acknowledgement. */
  public TestClient join(String channel) {
    if (channel.startsWith("private-")) {
      subscribeSigned(channel, null);
    } else {
      subscribe(channel);
    }
    expectEvent("pusher_internal:subscription_succeeded");
    return this;
  }

  /** Joins a presence channel; the member list that is told. */
  public JsonNode joinAs(String channel, String channelData) {
    subscribeSigned(channel, channelData);
    JsonNode frame = expectEvent("pusher_internal:subscription_succeeded");
    return json(frame.path("data").asText()).path("presence");
  }

  /** Sends a sign-in, without waiting. */
  public TestClient signin(String auth, String userData) {
    return send(
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":"
            + quoted(auth)
            + ",\"user_data\":"
            + quoted(userData)
            + "}}");
  }

  /** Signs in with the right signature, without waiting. */
  public TestClient signinSigned(String userData) {
    return signin(UserAuth.sign(TestServer.CREDENTIALS, socketId(), userData), userData);
  }

  /** Signs a user in, with these to watch, and takes the answer. */
  public TestClient signedInAs(String id, String... watchlist) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", id);
    if (watchlist.length > 0) {
      data.put("watchlist", watchlist);
    }
    signinSigned(JSON.valueToTree(data).toString());
    expectEvent("pusher:signin_success");
    return this;
  }

  public TestClient unsubscribe(String channel) {
    return send(
        "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":" + quoted(channel) + "}}");
  }

  /** The next text frame, as it came. */
  public String nextText() {
    Received next = take();
    assertThat(next.kind()).as("kind of %s", next).isEqualTo("text");
    return next.text();
  }

  public JsonNode next() {
    return json(nextText());
  }

  public JsonNode expectEvent(String event) {
    JsonNode frame = next();
    assertThat(frame.path("event").asText()).as("event of %s", frame).isEqualTo(event);
    return frame;
  }

  /** The next frame must be an error; its data. */
  public JsonNode expectError() {
    JsonNode data = expectEvent("pusher:error").path("data");
    assertThat(data.isObject()).as("data is an object").isTrue();
    return data;
  }

  /** Nothing more has come: a ping's answer is the next. */
  public void expectSilence() {
    send("{\"event\":\"pusher:ping\",\"data\":{}}");
    assertThat(nextText()).isEqualTo("{\"event\":\"pusher:pong\",\"data\":\"{}\"}");
  }

  public void expectPing() {
    assertThat(take().kind()).isEqualTo("ping");
  }

  public String nextPong() {
    Received next = take();
    assertThat(next.kind()).as("kind of %s", next).isEqualTo("pong");
    return next.text();
  }

  /** The next thing must be the close frame; its code. */
  public int closeCode() {
    Received next = take();
    assertThat(next.kind()).as("kind of %s", next).isEqualTo("close");
    return next.code();
  }

  /** The texts that come before the close frame. */
  public List<String> untilClosed() {
    List<String> texts = new ArrayList<>();
    Received next = take();
    while (!next.kind().equals("close")) {
      texts.add(next.text());
      next = take();
    }
    return texts;
  }

  private Received take() {
    try {
      Received next = received.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("something within %s s", SECONDS).isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends without a close frame. */
  public void abort() {
    webSocket.abort();
  }

  @Override
  public void close() {
    try {
      webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    } catch (CompletionException e) {
      webSocket.abort(); // closed before
    }
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String quoted(String text) {
    return JSON.valueToTree(text).toString();
  }
}
