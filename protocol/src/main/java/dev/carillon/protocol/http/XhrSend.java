package dev.carillon.protocol.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.Utf8;
import dev.carillon.protocol.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of {@code xhr_send}, by which clients of the HTTP fallbacks send: a JSON array of
 * messages, each a string, for example {@code ["{\"event\":\"pusher:ping\",\"data\":{}}"]}; an
 * empty array is a heartbeat.
 */
public final class XhrSend {
  private XhrSend() {}

  /**
   * Reads the messages. The whole body is checked before anything of it is used.
   *
   * @param maxMessageBytes of each message
   * @return the messages in UTF-8, in their order
   * @throws ProtocolException if the body is no array of strings, or too large a message is in it
   */
  public static List<byte[]> read(byte[] body, int maxMessageBytes) {
    if (!Utf8.isValid(body)) {
      throw invalid("bytes that are no UTF-8");
    }
    List<byte[]> messages = new ArrayList<>(1);
    try (JsonParser parser = Json.arrayParser(body)) {
      JsonToken token = parser.nextToken();
      while (token != JsonToken.END_ARRAY) {
        if (token != JsonToken.VALUE_STRING) {
          throw invalid("an array with " + Json.name(token));
        }
        messages.add(message(parser.getText(), maxMessageBytes));
        token = parser.nextToken();
      }
      Json.expectEnd(parser);
    } catch (IOException e) {
      throw invalid("something else");
    }
    return messages;
  }

  private static byte[] message(String text, int maxMessageBytes) throws CharacterCodingException {
    // Half a surrogate pair, which UTF-8 cannot have, is an exception here.
    ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    if (utf8.remaining() > maxMessageBytes) {
      throw ProtocolException.tooLarge(
          "Message too big: got "
              + utf8.remaining()
              + " bytes, allowed are "
              + maxMessageBytes
              + " bytes");
    }
    byte[] message = new byte[utf8.remaining()];
    utf8.get(message);
    return message;
  }

  private static ProtocolException invalid(String got) {
    return ProtocolException.invalid("Invalid body: expected a JSON array of strings, got " + got);
  }
}
