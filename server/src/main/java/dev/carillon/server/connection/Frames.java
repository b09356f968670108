package dev.carillon.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Whole WebSocket frames, header and payload in one buffer. A server's frames are unmasked, so one
 * buffer serves every subscriber; direct, since the transport would copy a heap buffer for each.
 * Source: RFC 6455, section 5.2.
 */
public final class Frames {
  /** The longest payload of a ping, pong or close frame, in bytes. */
  public static final int MAX_CONTROL_BYTES = 125;

  private static final int FIN = 0x80;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;

  private Frames() {}

  /** A text frame with that UTF-8 text. */
  public static ByteBuf text(ByteBufAllocator allocator, byte[] text) {
    return header(allocator, TEXT, text.length).writeBytes(text);
  }

  /** Moves a text frame's reader to its payload. */
  static ByteBuf payload(ByteBuf frame) {
    int length = frame.getByte(frame.readerIndex() + 1);
    return frame.skipBytes(length <= 125 ? 2 : length == 126 ? 4 : 10);
  }

  /** A close frame; a reason of more than 123 bytes is cut. */
  static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
    byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX_CONTROL_BYTES - 2);
    while (length < bytes.length && length > 0 && (bytes[length] & 0xC0) == 0x80) {
      length--; // not within a character
    }
    return header(allocator, CLOSE, 2 + length).writeShort(code).writeBytes(bytes, 0, length);
  }

  static ByteBuf ping(ByteBufAllocator allocator) {
    return header(allocator, PING, 0);
  }

  /** A pong with the payload of the ping, which stays its owner's. */
  static ByteBuf pong(ByteBufAllocator allocator, ByteBuf payload) {
    int length = payload.readableBytes();
    return header(allocator, PONG, length).writeBytes(payload, payload.readerIndex(), length);
  }

  private static ByteBuf header(ByteBufAllocator allocator, int opcode, int length) {
    if (length <= 125) {
      return allocator.directBuffer(2 + length).writeByte(FIN | opcode).writeByte(length);
    }
    if (length <= 0xFFFF) {
      ByteBuf frame = allocator.directBuffer(4 + length);
      return frame.writeByte(FIN | opcode).writeByte(126).writeShort(length);
    }
    ByteBuf frame = allocator.directBuffer(10 + length);
    return frame.writeByte(FIN | opcode).writeByte(127).writeLong(length);
  }
}
