package dev.carillon.server.webhook;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * How a record lies in a file: its length, its CRC-32, its bytes. What a process left half written
 * is known by that.
 */
final class RecordFrames {
  static final int OVERHEAD = 8;

  private RecordFrames() {}

  static byte[] frame(byte[] content) {
    return ByteBuffer.allocate(OVERHEAD + content.length)
        .putInt(content.length)
        .putInt(crc(content))
        .put(content)
        .array();
  }

  /**
   * The next content.
   *
   * @param left how many bytes there are to read
   * @return nothing at the end, and where what follows is not whole
   */
  static byte @Nullable [] read(DataInputStream in, long left) throws IOException {
    if (left < OVERHEAD) {
      return null;
    }
    int length = in.readInt();
    int crc = in.readInt();
    if (length < 0 || length > left - OVERHEAD) {
      return null;
    }
    byte[] content = in.readNBytes(length);
    return content.length == length && crc(content) == crc ? content : null;
  }

  private static int crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }
}
