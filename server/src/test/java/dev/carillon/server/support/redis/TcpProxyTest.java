package dev.carillon.server.support.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.support.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

@Timeout(30)
class TcpProxyTest {
  private static final int FROZEN_MILLIS = 200;

  private ServerSocket server;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    proxy = TcpProxy.to("127.0.0.1", server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private static void assertCarries(Socket from, Socket to) throws IOException {
    from.getOutputStream().write('x');
    to.setSoTimeout(10_000);
    assertThat(to.getInputStream().read()).isEqualTo('x');
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(FROZEN_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  private static void assertEnded(Socket socket) {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (IOException reset) {
      assertThat(reset).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void forwardsBothWays() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      assertCarries(client, accepted);
      assertCarries(accepted, client);
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void endsTheOtherSideWhenOneEnds() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      client.close();

      assertEnded(accepted);
      Await.until("it is forgotten", () -> proxy.connections() == 0);
    }
  }

  @Test
  void closesAllAndRefusesNewOnesWhenCut() throws IOException {
    try (Socket one = connect();
        Socket oneAccepted = server.accept();
        Socket other = connect();
        Socket otherAccepted = server.accept()) {
      assertCarries(one, oneAccepted);
      assertCarries(other, otherAccepted);

      proxy.cut();

      assertEnded(one);
      assertEnded(oneAccepted);
      assertEnded(other);
      assertEnded(otherAccepted);
      assertThat(proxy.connections()).isZero();
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void acceptsAgainAtTheSamePortWhenHealed() throws IOException {
    int port = proxy.port();
    proxy.cut();
    proxy.heal();

    assertThat(proxy.port()).isEqualTo(port);
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      assertCarries(client, accepted);
    }
  }

  @Test
  void holdsBytesWhileFrozenAndLosesNone() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      proxy.freeze();
      client.getOutputStream().write('a');
      accepted.getOutputStream().write('b');
      assertSilent(accepted);
      assertSilent(client);

      proxy.heal();

      assertThat(accepted.getInputStream().read()).isEqualTo('a');
      assertThat(client.getInputStream().read()).isEqualTo('b');
    }
  }

  @Test
  void holdsEndsAndNewConnectionsWhileFrozen() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      assertCarries(client, accepted);
      proxy.freeze();
      client.close();
      assertSilent(accepted);
      try (Socket late = connect();
          Socket lateAccepted = server.accept()) {
        late.getOutputStream().write('c');
        assertSilent(lateAccepted);

        proxy.heal();

        assertEnded(accepted);
        assertThat(lateAccepted.getInputStream().read()).isEqualTo('c');
      }
    }
  }

  @Test
  void closesWhatIsFrozenWhenCut() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      assertCarries(client, accepted);
      proxy.freeze();
      client.getOutputStream().write('a');

      proxy.cut();

      assertEnded(client);
      assertEnded(accepted);
    }
  }

  @Test
  void closesConnectionsWhoseServerIsNotThere() throws IOException {
    server.close();
    try (Socket client = connect()) {
      assertEnded(client);
    }
  }

  @Test
  void carriesRedis() {
    try (RedisServer redis = RedisServer.builder().password("secret").start();
        TcpProxy link = TcpProxy.to(redis);
        RedisClient client = RedisClient.create(redis.urlAt(link.port()))) {
      assertThat(client.ping()).isEqualTo("PONG");
      assertThat(link.connections()).isEqualTo(1);
    }
  }
}
