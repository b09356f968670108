package dev.carillon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection that follows one channel.
 *
 * <p>Thread-safe: {@link #follow} on one thread, the rest on the client's, one call at a time.
 */
final class ChannelFollower implements WebSocket.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String CHANNEL_DATA = "{\"user_id\":\"cli\"}";
  private static final String INTERNAL = "pusher_internal:";

  private final Target.Address address;
  private final ChannelName channel;
  private final PrintWriter out;
  private final PrintWriter err;
  private final StringBuilder message = new StringBuilder();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private volatile boolean subscribed;

  /** How the connection ended, and whether it makes sense to come back. */
  private record End(boolean isFinal, String why) {}

  ChannelFollower(Target.Address address, ChannelName channel, PrintWriter out, PrintWriter err) {
    this.address = address;
    this.channel = channel;
    this.out = out;
    this.err = err;
  }

  /**
   * Follows until the connection is lost, or a signal asks to end.
   *
   * @return why it ended
   * @throws Failure if it makes no sense to come back
   */
  String follow(Signals signals) throws Failure {
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .connectTimeout(TIMEOUT)
        .buildAsync(
            address.webSocket("/app/" + address.app().key() + "?protocol=7&client=cli"), this)
        .whenComplete((socket, failure) -> connected(failure));
    signals.onFirst(() -> end.complete(new End(false, "asked to end")));
    End ended = end.join();
    if (ended.isFinal()) {
      throw Failure.running(ended.why());
    }
    return ended.why();
  }

  boolean wasSubscribed() {
    return subscribed;
  }

  private void connected(@Nullable Throwable failure) {
    if (failure == null) {
      return;
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof WebSocketHandshakeException refused) {
      int status = refused.getResponse().statusCode();
      end.complete(new End(true, address.base() + ": answered " + status + ", expected 101"));
      return;
    }
    end.complete(new End(false, address.base() + ": cannot connect"));
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    message.append(data);
    if (last) {
      String text = message.toString();
      message.setLength(0);
      received(socket, text);
    }
    socket.request(1);
    return null;
  }

  private void received(WebSocket socket, String text) {
    try {
      JsonNode frame = JSON.readTree(text);
      dispatch(socket, frame.path("event").asText(), frame);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      end.complete(new End(true, address.base() + ": got something that is not of the protocol"));
    }
  }

  private void dispatch(WebSocket socket, String event, JsonNode frame)
      throws JsonProcessingException {
    switch (event) {
      case "pusher:connection_established" ->
          subscribe(socket, new SocketId(data(frame).path("socket_id").asText()));
      case "pusher:ping" -> socket.sendText("{\"event\":\"pusher:pong\",\"data\":{}}", true);
      case INTERNAL + "subscription_succeeded" -> {
        subscribed = true;
        err.println("listening to " + channel + " at " + address.base());
      }
      case "pusher:subscription_error" -> end.complete(new End(true, refused(frame)));
      case "pusher:error" -> err.println("the server says: " + data(frame));
      default -> print(JSON.writeValueAsString(frame));
    }
  }

  private void print(String line) {
    out.println(line);
    // As behind "| head -1"; a writer keeps to itself that its reader has gone.
    if (out.checkError()) {
      end.complete(new End(true, "the output cannot be written: its reader has gone"));
    }
  }

  private String refused(JsonNode frame) throws JsonProcessingException {
    return channel + ": refused: " + data(frame).path("error").asText();
  }

  // Data is an object, or a string that holds one.
  private static JsonNode data(JsonNode frame) throws JsonProcessingException {
    JsonNode data = frame.path("data");
    return data.isTextual() ? JSON.readTree(data.asText()) : data;
  }

  private void subscribe(WebSocket socket, SocketId id) throws JsonProcessingException {
    ObjectNode frame = JSON.createObjectNode().put("event", "pusher:subscribe");
    ObjectNode data = frame.putObject("data").put("channel", channel.value());
    if (channel.type().signed()) {
      boolean presence = channel.type() == ChannelType.PRESENCE;
      Credentials credentials = new Credentials(address.app().key(), address.app().secret());
      @Nullable String member = presence ? CHANNEL_DATA : null;
      data.put("auth", ChannelAuth.sign(credentials, id, channel, member));
      if (presence) {
        data.put("channel_data", CHANNEL_DATA);
      }
    }
    socket.sendText(JSON.writeValueAsString(frame), true);
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    // 4000 to 4099: official clients give up too.
    boolean isFinal = code >= 4000 && code < 4100;
    String why = reason.isEmpty() ? "" : " " + reason;
    end.complete(new End(isFinal, "the connection was closed with " + code + why));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    end.complete(new End(false, "the connection was lost: " + error.getMessage()));
  }
}
