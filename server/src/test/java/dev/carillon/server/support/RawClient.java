package dev.carillon.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A WebSocket client on a bare socket: it answers nothing by itself, reads only when told, and
 * sends whatever bytes a test wants.
 */
public final class RawClient implements AutoCloseable {
  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xA;

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final int TIMEOUT_MILLIS = 10_000;

  /** A frame of the server. */
  public record Frame(int opcode, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public int closeCode() {
      return ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }
  }

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;

  /**
   * Connects.
   *
   * @param receiveBytes of the socket's receive buffer; 0 for the system's choice
   */
  private RawClient(int port, int receiveBytes) {
    try {
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = socket.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A socket on which nothing was said. */
  public static RawClient open(int port) {
    return new RawClient(port, 0);
  }

  /** A connection that was established. */
  public static RawClient connect(TestServer server) {
    return connect(server, 0);
  }

  /** A socket on which nothing was said, with a receive buffer of that size. */
  public static RawClient open(int port, int receiveBytes) {
    return new RawClient(port, receiveBytes);
  }

  /** A connection that was established, with a receive buffer of that size. */
  public static RawClient connect(TestServer server, int receiveBytes) {
    RawClient client = new RawClient(server.port(), receiveBytes);
    client.shake("/app/" + TestServer.KEY + "?protocol=7");
    client.expectEvent("pusher:connection_established");
    return client;
  }

  /** What a client sends to become a WebSocket. */
  public static String handshake(String target) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  /** Becomes a WebSocket. */
  public RawClient shake(String target) {
    send(handshake(target));
    assertThat(readHead()).startsWith("HTTP/1.1 101 ");
    return this;
  }

  /** Sends those characters, as they are. */
  public RawClient send(String ascii) {
    return send(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends those bytes, as they are. */
  public RawClient send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RawClient sendText(String text) {
    return sendFrame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a whole message in one masked frame. */
  public RawClient sendFrame(int opcode, byte[] payload) {
    return send(frame(FIN | opcode, payload));
  }

  /** Sends a masked frame that is not the last of its message. */
  public RawClient sendPart(int opcode, byte[] payload) {
    return send(frame(opcode, payload));
  }

  /**
   * The bytes of a masked frame.
   *
   * @param first its first byte: FIN, reserved bits, opcode
   */
  public static byte[] frame(int first, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
    frame.put((byte) first);
    if (payload.length <= 125) {
      frame.put((byte) (MASKED | payload.length));
    } else if (payload.length <= 0xFFFF) {
      frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i % 4]));
    }
    byte[] bytes = new byte[frame.flip().remaining()];
    frame.get(bytes);
    return bytes;
  }

  public RawClient subscribe(String channel) {
    return sendText("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + channel + "\"}}");
  }

  /** The next frame, whatever it is. */
  public Frame next() {
    try {
      int opcode = in.readUnsignedByte() & 0x0F;
      long length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      byte[] payload = new byte[(int) length];
      in.readFully(payload);
      return new Frame(opcode, payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame, which must be of that kind. */
  public Frame expect(int opcode) {
    Frame frame = next();
    assertThat(frame.opcode()).as("opcode of %s", frame.text()).isEqualTo(opcode);
    return frame;
  }

  public JsonNode expectEvent(String event) {
    JsonNode frame = TestClient.json(expect(TEXT).text());
    assertThat(frame.path("event").asText()).as("event of %s", frame).isEqualTo(event);
    return frame;
  }

  /** The server closes: its code, all other frames before it dropped. */
  public int closeCode() {
    Frame frame = next();
    while (frame.opcode() != CLOSE) {
      frame = next();
    }
    return frame.closeCode();
  }

  /** Nothing more has come: a ping's answer is the next. */
  public void expectSilence() {
    sendFrame(PING, "?".getBytes(StandardCharsets.US_ASCII));
    assertThat(expect(PONG).text()).isEqualTo("?");
  }

  /** A line and headers, up to the empty line. */
  public String readHead() {
    try {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        head.write(in.readUnsignedByte());
      }
      return head.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A whole HTTP answer. */
  public String readAnswer() {
    String head = readHead();
    int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    assertThat(at).as("content-length in %s", head).isPositive();
    String length = head.substring(at + 16, head.indexOf("\r\n", at));
    byte[] body = new byte[Integer.parseInt(length)];
    try {
      in.readFully(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return head + new String(body, StandardCharsets.UTF_8);
  }

  /** The next line, without its end. */
  public String readLine() {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
        line.write(b);
      }
      return line.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next chunk of an answer that is streamed; empty at its end. */
  public String readChunk() {
    try {
      byte[] chunk = new byte[Integer.parseInt(readLine().trim(), 16)];
      in.readFully(chunk);
      in.readUnsignedShort(); // CR LF
      return new String(chunk, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server ends the connection; what came before is dropped. */
  public void expectEnd() {
    try {
      while (in.read() >= 0) {
        continue;
      }
    } catch (SocketException | EOFException e) {
      return; // reset: an end too
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends with a reset, so that the server learns of it without a close. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
