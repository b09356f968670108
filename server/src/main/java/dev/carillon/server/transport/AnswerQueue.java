package dev.carillon.server.transport;

import dev.carillon.server.api.ApiResponse;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers that an HTTP connection owes. They leave in the order of the requests, and those that
 * are ready in one read share a flush. While too many are owed, or the client does not read them,
 * nothing more is read of it.
 *
 * <p>Confined to its event loop.
 */
final class AnswerQueue {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerQueue.class);
  private static final int MAX_OWED = 256;

  /** A request that waits for its answer, or for those before it. */
  private static final class Owed {
    private final boolean keepAlive;
    private final boolean head;
    private final HttpHeaders headers;
    private final @Nullable XhrAnswer stream;
    private @Nullable ApiResponse response;

    Owed(boolean keepAlive, boolean head, HttpHeaders headers, @Nullable XhrAnswer stream) {
      this.keepAlive = keepAlive;
      this.head = head;
      this.headers = headers;
      this.stream = stream;
    }

    /** Whether those behind it must wait; a stream whose turn it is begins. */
    boolean holds() {
      return stream == null ? response == null : !stream.takeTurn();
    }
  }

  private final ChannelHandlerContext context;
  private final LoopWatch watch;
  private final Deque<Owed> owed = new ArrayDeque<>(2);
  private boolean reading;
  private boolean unflushed;
  private boolean used;
  private boolean ended;

  AnswerQueue(ChannelHandlerContext context, LoopWatch watch) {
    this.context = context;
    this.watch = watch;
  }

  /** Whether no answer is owed. */
  boolean isEmpty() {
    return owed.isEmpty();
  }

  /** Whether any answer was written. */
  boolean used() {
    return used;
  }

  /** Whether the last answer was written: the connection ends with it. */
  boolean ended() {
    return ended;
  }

  /**
   * Takes the answer to the next request.
   *
   * @param keepAlive whether the connection stays after it
   * @param head whether the body is left out
   */
  void add(CompletionStage<ApiResponse> response, boolean keepAlive, boolean head) {
    add(response, keepAlive, head, EmptyHttpHeaders.INSTANCE);
  }

  /** As above, with further headers. */
  void add(
      CompletionStage<ApiResponse> response, boolean keepAlive, boolean head, HttpHeaders headers) {
    Owed next = new Owed(keepAlive, head, headers, null);
    owed.add(next);
    CompletableFuture<ApiResponse> future = response.toCompletableFuture();
    if (future.isDone()) {
      future.whenComplete((answer, fault) -> complete(next, answer, fault));
    } else {
      future.whenCompleteAsync((answer, fault) -> complete(next, answer, fault), watch.loop());
    }
    pace();
  }

  /** Takes an answer that is written piece by piece. */
  void add(XhrAnswer stream) {
    owed.add(new Owed(stream.keepAlive(), false, EmptyHttpHeaders.INSTANCE, stream));
    writeReady();
    pace();
  }

  /** The answer whose turn it is has ended. */
  void streamEnded() {
    writeReady();
    pace();
    if (!reading) {
      flush();
    }
  }

  /** The client has gone: nothing is owed any more. */
  void gone() {
    for (Owed next = owed.poll(); next != null; next = owed.poll()) {
      if (next.stream != null) {
        next.stream.gone();
      }
    }
  }

  private void complete(Owed next, @Nullable ApiResponse answer, @Nullable Throwable fault) {
    if (answer == null) {
      LOG.error("API request failed", fault);
    }
    next.response = answer == null ? ApiResponse.text(500, "Internal error") : answer;
    writeReady();
    pace();
    if (!reading) {
      flush();
    }
  }

  private void writeReady() {
    Owed next = owed.peek();
    while (next != null && !next.holds()) {
      owed.remove();
      boolean keepAlive = next.keepAlive && !watch.draining();
      used = true;
      if (next.response != null) {
        write(next, next.response, keepAlive);
      }
      if (!keepAlive) {
        ended = true;
        gone();
      }
      next = owed.peek();
    }
  }

  private void write(Owed next, ApiResponse answer, boolean keepAlive) {
    FullHttpResponse response = Answers.of(answer, keepAlive, next.head);
    response.headers().add(next.headers);
    unflushed = true;
    if (keepAlive) {
      context.write(response, context.voidPromise());
    } else {
      context.write(response).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Reads on or not. */
  void pace() {
    boolean read = owed.size() < MAX_OWED && context.channel().isWritable();
    context.channel().config().setAutoRead(read);
  }

  /** A read has begun: answers wait for its end to be flushed. */
  void reading() {
    reading = true;
  }

  void readComplete() {
    reading = false;
    flush();
  }

  /** Ends the connection. */
  void close() {
    context.close();
  }

  private void flush() {
    if (unflushed) {
      unflushed = false;
      context.flush();
    }
  }
}
