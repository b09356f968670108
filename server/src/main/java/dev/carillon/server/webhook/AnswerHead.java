package dev.carillon.server.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head of an endpoint's answer; only the status counts.
 *
 * @param bodyBytes how long the body is; -1 if it is not told
 */
record AnswerHead(int status, long bodyBytes) {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerHead.class);
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int BODY_END_MILLIS = 500;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})( .*)?");
  private static final Pattern LENGTH = Pattern.compile("content-length: *([0-9]{1,18})");

  static AnswerHead read(InputStream in) throws IOException {
    int[] left = {MAX_HEAD_BYTES};
    Matcher status = STATUS.matcher(line(in, left));
    if (!status.matches()) {
      throw new IOException("not an HTTP answer");
    }
    long bodyBytes = -1;
    for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
      Matcher length = LENGTH.matcher(line.toLowerCase(Locale.ROOT));
      if (length.matches()) {
        bodyBytes = Long.parseLong(length.group(1));
      }
    }
    return new AnswerHead(Integer.parseInt(status.group(1)), bodyBytes);
  }

  private static String line(InputStream in, int[] left) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || left[0]-- == 0) {
        throw new IOException(next < 0 ? "closed without an answer" : "a head without an end");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  boolean isProvisional() {
    return status < 200;
  }

  /**
   * Lets the endpoint finish: some stop their work when the connection ends early. What it says is
   * none of our business, nor whether it says all of it: it is given half a second.
   */
  void skipBody(InputStream in, Socket socket) {
    boolean none = status == 204 || status == 304;
    long left = none ? 0 : bodyBytes < 0 ? MAX_BODY_BYTES : Math.min(bodyBytes, MAX_BODY_BYTES);
    long begin = System.nanoTime();
    try {
      socket.setSoTimeout(BODY_END_MILLIS);
      byte[] ignored = new byte[1024];
      while (left > 0 && System.nanoTime() - begin < BODY_END_MILLIS * 1_000_000L) {
        int got = in.read(ignored, 0, (int) Math.min(left, ignored.length));
        left -= got < 0 ? left : got;
      }
    } catch (IOException e) {
      LOG.debug("Webhook's answer ended early status={}", status, e);
    }
  }
}
