package dev.carillon.server.redis;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An envelope as it goes through Redis:
 *
 * <pre>
 * offset  bytes
 *  0       1   version, 1
 *  1      16   sequence, decimal digits: scripts write it
 * 17       1   kind: 0 message, 1 change, 2 cached, 3 terminate, 4 release, 5 status
 * 18       1   1 if it was sent before and may have arrived, else 0
 * 19       8   origin: who published
 * 27       8   number: the origin counts what it publishes
 * 35       1   length of the next
 * 36       n   the socket id that is left out
 *              the message
 * </pre>
 */
final class EnvelopeCodec {
  /** Where the part begins that does not depend on the sequence. */
  static final int TAIL = 17;

  private static final byte VERSION = 1;
  private static final int EXCEPT = 36;
  private static final Envelope.Kind[] KINDS = {
    Envelope.Kind.MESSAGE,
    Envelope.Kind.CHANGE,
    Envelope.Kind.CACHED,
    Envelope.Kind.TERMINATE,
    Envelope.Kind.RELEASE,
    Envelope.Kind.STATUS
  };

  private EnvelopeCodec() {}

  /**
   * What came.
   *
   * @param again whether it was sent before and may have arrived
   */
  record Received(Envelope envelope, long origin, long number, boolean again) {}

  static byte[] encode(Envelope envelope, long origin, long number, boolean again) {
    SocketId except = envelope.except();
    byte[] left = except == null ? new byte[0] : except.value().getBytes(StandardCharsets.US_ASCII);
    byte[] message = envelope.message();
    ByteBuffer bytes = ByteBuffer.allocate(EXCEPT + left.length + message.length);
    bytes.put(VERSION);
    bytes.put(digits(envelope.sequence()));
    bytes.put(code(envelope.kind()));
    bytes.put((byte) (again ? 1 : 0));
    bytes.putLong(origin);
    bytes.putLong(number);
    bytes.put((byte) left.length);
    bytes.put(left);
    bytes.put(message);
    return bytes.array();
  }

  /** All but the version and the sequence, for a script that puts them before it. */
  static byte[] tail(Envelope envelope, long origin, long number, boolean again) {
    byte[] whole = encode(envelope, origin, number, again);
    return Arrays.copyOfRange(whole, TAIL, whole.length);
  }

  private static byte code(Envelope.Kind kind) {
    return switch (kind) {
      case MESSAGE -> 0;
      case CHANGE -> 1;
      case CACHED -> 2;
      case TERMINATE -> 3;
      case RELEASE -> 4;
      case STATUS -> 5;
    };
  }

  private static byte[] digits(long sequence) {
    byte[] digits = new byte[TAIL - 1];
    long rest = sequence;
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return digits;
  }

  /** {@code null} if it is of a version that is not known here. */
  static @Nullable Received decode(byte[] bytes) {
    if (bytes.length < EXCEPT || bytes[0] != VERSION || KINDS.length <= bytes[TAIL]) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, TAIL, bytes.length - TAIL);
    Envelope.Kind kind = KINDS[buffer.get()];
    boolean again = buffer.get() != 0;
    long origin = buffer.getLong();
    long number = buffer.getLong();
    int length = buffer.get();
    int begin = EXCEPT + length;
    SocketId except =
        length == 0
            ? null
            : new SocketId(new String(bytes, EXCEPT, length, StandardCharsets.US_ASCII));
    byte[] message = Arrays.copyOfRange(bytes, begin, bytes.length);
    return new Received(
        new Envelope(kind, message, except, sequence(bytes)), origin, number, again);
  }

  private static long sequence(byte[] bytes) {
    long sequence = 0;
    for (int i = 1; i < TAIL; i++) {
      sequence = sequence * 10 + (bytes[i] - '0');
    }
    return sequence;
  }
}
