package dev.carillon.server.idempotency;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Makes a request that is sent again answer as the first did, and be done once.
 *
 * <p>Thread-safe.
 */
public interface Idempotency {
  /** How long an answer is remembered, from when its request came. */
  Duration REMEMBERED = Duration.ofMinutes(2);

  /**
   * What a request was answered.
   *
   * @param repeated whether an earlier request was answered so, and this one was not done
   */
  record Answer(byte[] body, boolean repeated) {}

  /**
   * Does a request, or answers as the one that had its name within {@link #REMEMBERED}: at once, or
   * as soon as that one is answered. If that one fails while others wait for it, they fail as it
   * did, or one of them is done in its place; what failed is not remembered, so the next one is
   * done.
   *
   * @param fingerprint of all that the request asks for; it fails with a {@link
   *     dev.carillon.protocol.ProtocolException} (400) if the earlier one asked for something else
   * @param request does it, and gives the body of its answer; called at most once, and before this
   *     returns if it can be
   */
  CompletionStage<Answer> once(
      RequestName name, String fingerprint, Supplier<CompletionStage<byte[]>> request);
}
