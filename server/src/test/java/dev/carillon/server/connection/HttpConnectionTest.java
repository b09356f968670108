package dev.carillon.server.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.support.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What sockets show only if they are unlucky: a request that comes, or goes, before the report of
 * what was sent by the one before.
 */
class HttpConnectionTest {
  private static final int LIMIT = 1_000_000;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final AtomicInteger slow = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private HttpConnection connection;

  /** Keeps what it is given, and reports nothing by itself. */
  private static final class Request implements Receiver {
    private final boolean streams;
    private final Queue<String> pieces = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    Request(boolean streams) {
      this.streams = streams;
    }

    @Override
    public boolean streams() {
      return streams;
    }

    @Override
    public void send(byte[] lines, boolean last) {
      pieces.add((last ? "last " : "") + new String(lines, UTF_8));
    }

    @Override
    public void end() {
      ended = true;
    }

    String next() {
      Await.until("a piece", () -> !pieces.isEmpty());
      return String.valueOf(pieces.poll());
    }
  }

  @BeforeEach
  void connect() {
    FlushQueue flushQueue = new FlushQueue(loop, LIMIT, slow::incrementAndGet);
    connection = new HttpConnection(new SocketId("1.1"), loop, flushQueue, ended::incrementAndGet);
  }

  @AfterEach
  void stop() {
    group.shutdownGracefully().syncUninterruptibly();
  }

  @Test
  void onePieceIsOnItsWayAndTheRestFollowsTogether() {
    Request stream = receive(true);
    assertThat(stream.next()).isEqualTo("o{}\n");

    onLoop(() -> send("a", "\"b\""));
    onLoop(() -> send("c"));
    assertThat(stream.pieces).isEmpty();

    onLoop(() -> connection.sent(stream, false));
    assertThat(stream.next()).isEqualTo("a[\"a\",\"\\\"b\\\"\",\"c\"]\n");
  }

  /** A frame's header has one of three lengths. */
  @Test
  void theFrameOfABroadcastBecomesALine() {
    Request stream = receive(true);
    stream.next();
    for (int length : new int[] {0, 125, 126, 65_535, 65_536}) {
      byte[] text = "x".repeat(length).getBytes(UTF_8);
      onLoop(
          () -> {
            connection.sent(stream, false);
            connection.write(Frames.text(ByteBufAllocator.DEFAULT, text));
          });

      assertThat(stream.next()).isEqualTo("a[\"" + "x".repeat(length) + "\"]\n");
    }
  }

  @Test
  void aPollThatComesBeforeTheReportOfTheOneBeforeIsServed() {
    Request first = receive(false);
    assertThat(first.next()).isEqualTo("last o{}\n");

    Request second = receive(false);
    onLoop(() -> connection.sent(first, true));
    onLoop(() -> send("a"));

    assertThat(second.next()).isEqualTo("last a[\"a\"]\n");
    assertThat(first.ended).isFalse();
  }

  @Test
  void aStreamIsNotTakenOverBeforeItHadItsFill() {
    Request first = receive(true);
    first.next();
    onLoop(() -> connection.sent(first, false));

    Request second = receive(true);

    assertThat(second.next()).isEqualTo("last c[2010,\"Another connection still open\"]\n");
    onLoop(() -> send("a"));
    assertThat(first.next()).isEqualTo("a[\"a\"]\n");
  }

  @Test
  void aStreamThatHadItsFillIsLeftForTheNext() {
    Request first = filled();
    onLoop(() -> send("kept"));

    Request second = receive(true);

    assertThat(second.next()).isEqualTo("a[\"kept\"]\n");
    assertThat(first.pieces).isEmpty();
    assertThat(first.ended).isTrue();
    onLoop(() -> connection.lost(first));
    assertThat(ended).hasValue(0);
  }

  /** The client had all of it, and has closed its socket. */
  @Test
  void aHeartbeatThatMissesTheClientEndsNothing() {
    Request first = filled();
    onLoop(() -> connection.sent(first, false));
    onLoop(() -> assertThat(connection.heartbeat()).isTrue());
    assertThat(first.next()).isEqualTo("h\n");

    onLoop(() -> connection.lost(first));

    onLoop(() -> assertThat(connection.away()).isTrue());
    assertThat(ended).hasValue(0);
    onLoop(() -> send("kept"));
    assertThat(receive(true).next()).isEqualTo("a[\"kept\"]\n");
  }

  @Test
  void aStreamThatBreaksWhileItIsFilledEndsTheConnection() {
    Request first = filled();

    onLoop(() -> connection.lost(first));

    Await.until("it has ended", () -> ended.get() == 1);
    onLoop(() -> assertThat(connection.receiveBy(new Request(true))).isFalse());
  }

  /** The close did not leave with that piece: the client must still hear of it. */
  @Test
  void aCloseThatCrossesTheAnswerToAPollIsToldByTheNext() {
    Request first = receive(false);
    first.next();
    onLoop(() -> connection.close(4100, "Enough \"now\""));
    onLoop(() -> connection.sent(first, true));
    assertThat(ended).hasValue(0);

    Request second = receive(false);

    assertThat(second.next()).isEqualTo("last c[4100,\"Enough \\\"now\\\"\"]\n");
    onLoop(() -> connection.sent(second, true));
    Await.until("it has ended", () -> ended.get() == 1);
  }

  /** Whatever ends it, and however often. */
  @Test
  void itEndsOnce() {
    Request stream = receive(true);
    stream.next();
    onLoop(
        () -> {
          connection.close(4100, "");
          connection.end();
          connection.lost(stream);
          connection.end();
          connection.close(4100, "");
          send("late");
        });

    Await.until("it has ended", () -> ended.get() == 1);
    onLoop(() -> assertThat(connection.heartbeat()).isFalse());
    assertThat(ended).hasValue(1);
    assertThat(stream.ended).isTrue();
  }

  @Test
  void whatWaitsIsLimited() {
    Request stream = receive(true);
    stream.next();
    byte[] text = new byte[LIMIT / 4];
    Arrays.fill(text, (byte) 'x');
    onLoop(() -> send(new String(text, UTF_8)));
    assertThat(slow).hasValue(0);

    onLoop(
        () -> {
          for (int i = 0; i < 4; i++) {
            connection.send(text);
          }
        });

    Await.until("it is closed", () -> slow.get() == 1);
    onLoop(() -> assertThat(connection.closing()).isTrue());
  }

  /** A stream with a piece on its way that is all that a client reads of one answer. */
  private Request filled() {
    Request stream = receive(true);
    stream.next();
    onLoop(() -> connection.sent(stream, false));
    onLoop(() -> send("€".repeat(262_144)));
    assertThat(stream.next()).hasSizeGreaterThan(262_144);
    return stream;
  }

  private Request receive(boolean streams) {
    Request request = new Request(streams);
    onLoop(() -> assertThat(connection.receiveBy(request)).isTrue());
    return request;
  }

  private void send(String... texts) {
    for (String text : texts) {
      connection.send(text.getBytes(UTF_8));
    }
  }

  private void onLoop(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }
}
