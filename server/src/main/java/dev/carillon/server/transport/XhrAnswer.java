package dev.carillon.server.transport;

import dev.carillon.server.connection.Receiver;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request by which a client of the HTTP fallbacks receives. It begins when its
 * turn in the {@link AnswerQueue} has come, and occupies its HTTP connection until it ends.
 *
 * <p>Confined to the event loop of its socket, but for the methods of {@link Receiver}, which the
 * loop of the session calls.
 */
final class XhrAnswer implements Receiver {
  private static final String LINES = "application/javascript; charset=utf-8";

  /** A part of the answer. */
  private record Piece(byte[] lines, boolean last) {}

  private final ChannelHandlerContext context;
  private final AnswerQueue queue;
  private final LoopWatch watch;
  private final HttpHeaders headers;
  private final boolean streams;
  private final boolean chunked;
  private final boolean keepAlive;
  private @Nullable XhrSession session;
  private @Nullable Piece early;
  private boolean turn;
  private boolean begun;
  private boolean over;

  /**
   * An answer that waits for its turn.
   *
   * @param streams whether it goes on after its first piece
   */
  XhrAnswer(
      ChannelHandlerContext context,
      AnswerQueue queue,
      LoopWatch watch,
      HttpRequest request,
      boolean streams) {
    this.context = context;
    this.queue = queue;
    this.watch = watch;
    this.headers = Cors.headers(request);
    this.streams = streams;
    this.chunked = request.protocolVersion().isKeepAliveDefault();
    this.keepAlive = chunked && HttpUtil.isKeepAlive(request);
  }

  /** Whose answer it is: asked for before the session hears of it. */
  void of(XhrSession owner) {
    session = owner;
  }

  /** Begins; whether it has ended already. */
  boolean takeTurn() {
    turn = true;
    Piece first = early;
    if (first != null) {
      early = null;
      write(first);
    }
    return over;
  }

  /** Whether it has ended, or nobody reads it. */
  boolean over() {
    return over;
  }

  /** Whether the HTTP connection stays after it. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** The client has gone. */
  void gone() {
    XhrSession owner = session;
    if (!over && owner != null) {
      owner.execute(() -> owner.connection().lost(this));
    }
    over = true;
  }

  @Override
  public boolean streams() {
    return streams;
  }

  @Override
  public void send(byte[] lines, boolean last) {
    watch.execute(() -> piece(new Piece(lines, last)));
  }

  @Override
  public void end() {
    watch.execute(
        () -> {
          over = true;
          context.close();
        });
  }

  private void piece(Piece piece) {
    if (over) {
      return;
    }
    if (!turn) {
      early = piece; // there is one piece at a time
      return;
    }
    write(piece);
    if (over) {
      queue.streamEnded();
    }
  }

  private void write(Piece piece) {
    boolean stays = keepAlive && !watch.draining();
    if (!begun) {
      begun = true;
      context.write(head(piece, stays), context.voidPromise());
    }
    over = piece.last;
    var content = Unpooled.wrappedBuffer(piece.lines);
    ChannelFuture written =
        context.writeAndFlush(
            piece.last ? new DefaultLastHttpContent(content) : new DefaultHttpContent(content));
    written.addListener(done -> report(done.isSuccess(), piece.last));
    if (piece.last && !stays) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private HttpResponse head(Piece first, boolean stays) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .add(headers)
        .set(HttpHeaderNames.CONTENT_TYPE, LINES)
        .set("X-Content-Type-Options", "nosniff");
    if (first.last) {
      head.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, first.lines.length);
    } else if (chunked) {
      head.headers()
          .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
          .set("X-Accel-Buffering", "no"); // nginx would wait for the end
    }
    if (!stays) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return head;
  }

  private void report(boolean success, boolean last) {
    XhrSession owner = session;
    if (owner == null) {
      return;
    }
    owner.execute(
        () -> {
          if (success) {
            owner.connection().sent(this, last);
          } else {
            owner.connection().lost(this);
          }
        });
  }
}
