package dev.carillon.server.warmup;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * As much of an HTTP and WebSocket client as {@link WarmUp} needs.
 *
 * <p>Confined to one thread.
 */
final class LoopbackSocket implements AutoCloseable {
  /** Whichever the JVM prefers: the server listens there. */
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int MASKED = 0x80;
  private static final int MASK = 0x3A5C79E1;
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int NORMAL = 1000;

  private final Socket socket;
  private final InputStream in;

  LoopbackSocket(int port) throws IOException {
    socket = new Socket(InetAddress.getByAddress(LOOPBACK), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the head of an HTTP answer. */
  void readHead() throws IOException {
    int line = 0;
    for (int newlines = 0; newlines < 2; ) {
      int c = read();
      if (c == '\n') {
        newlines = line == 0 ? 2 : 1;
        line = 0;
      } else if (c != '\r') {
        newlines = 0;
        line++;
      }
    }
  }

  void skip(int bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  /** Drops all that has come. */
  void drain() throws IOException {
    skip(in.available());
  }

  /** Sends a text frame, masked. */
  void writeFrame(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(8 + bytes.length);
    frame.put((byte) TEXT).put((byte) (MASKED | 126)).putShort((short) bytes.length);
    if (bytes.length < 126) {
      frame.clear().put((byte) TEXT).put((byte) (MASKED | bytes.length));
    }
    frame.putInt(MASK);
    for (int i = 0; i < bytes.length; i++) {
      frame.put((byte) (bytes[i] ^ (MASK >>> (8 * (3 - i % 4)))));
    }
    socket.getOutputStream().write(frame.array(), 0, frame.position());
  }

  /** Sends a close frame. */
  void writeClose() throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(8);
    frame.put((byte) CLOSE).put((byte) (MASKED | 2)).putInt(0).putShort((short) NORMAL);
    socket.getOutputStream().write(frame.array());
  }

  /** Reads a text frame. */
  String readFrame() throws IOException {
    read();
    int length = read();
    if (length == 126) {
      length = read() << 8 | read();
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private int read() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException("the server closed the connection");
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
