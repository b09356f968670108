package dev.carillon.server.support.redis;

import dev.carillon.server.support.LoopbackPorts;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A link that can fail: listens on a port of loopback, and forwards to a server. When one side of a
 * connection ends, so does the other. Its port stays the same. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final InetSocketAddress target;
  private final InetSocketAddress address =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), LoopbackPorts.free());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition thawed = lock.newCondition();

  // guarded by the lock
  private final Set<Link> links = new HashSet<>();
  private ServerSocket listener;
  private boolean frozen;

  private volatile Thread acceptor;

  /** A connection, and the one to the server that it is forwarded to. */
  private record Link(Socket client, Socket server) {
    void close() {
      TcpProxy.close(client);
      TcpProxy.close(server);
    }
  }

  private TcpProxy(InetSocketAddress target) {
    this.target = target;
    heal();
  }

  /** To whoever listens there when a connection comes; nobody may yet. */
  public static TcpProxy to(String host, int port) {
    return new TcpProxy(new InetSocketAddress(host, port));
  }

  /** To that server; its URL through here is {@code server.urlAt(proxy.port())}. */
  public static TcpProxy to(RedisServer server) {
    return to(server.host(), server.port());
  }

  public int port() {
    return address.getPort();
  }

  /** Of those that are forwarded now, or held. */
  public int connections() {
    lock.lock();
    try {
      return links.size();
    } finally {
      lock.unlock();
    }
  }

  /** Closes all connections, and refuses new ones until {@link #heal}. */
  public void cut() {
    lock.lock();
    try {
      if (listener != null) {
        close(listener);
        listener = null;
      }
      links.forEach(Link::close);
      links.clear();
      frozen = false;
      thawed.signalAll();
    } finally {
      lock.unlock();
    }
    awaitAcceptor();
  }

  /** The system accepts as long as a thread is in {@code accept}, closed or not. */
  private void awaitAcceptor() {
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Forwards nothing until {@link #heal}, neither bytes nor ends, and closes nothing; new
   * connections are accepted. What comes meanwhile is kept, not lost.
   */
  public void freeze() {
    lock.lock();
    try {
      frozen = true;
    } finally {
      lock.unlock();
    }
  }

  /** Undoes {@link #cut} and {@link #freeze}. */
  public void heal() {
    lock.lock();
    try {
      frozen = false;
      thawed.signalAll();
      if (listener == null) {
        ServerSocket socket = listen();
        listener = socket;
        acceptor = start("accept", () -> accept(socket));
      }
    } finally {
      lock.unlock();
    }
  }

  private ServerSocket listen() {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(address);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address, e);
    }
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Link link = new Link(from.accept(), new Socket());
        if (add(link)) {
          start("link", () -> forward(link));
        } else {
          link.close();
        }
      }
    } catch (IOException closed) {
      close(from);
    }
  }

  /** Not if it was accepted while the cut was made. */
  private boolean add(Link link) {
    lock.lock();
    try {
      return listener != null && links.add(link);
    } finally {
      lock.unlock();
    }
  }

  private void forward(Link link) {
    try {
      link.server.connect(target);
      link.client.setTcpNoDelay(true);
      link.server.setTcpNoDelay(true);
    } catch (IOException refused) {
      remove(link);
      return;
    }
    start("to-client", () -> pump(link, link.server, link.client));
    pump(link, link.client, link.server);
  }

  private void pump(Link link, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitThaw();
        out.write(buffer, 0, read);
      }
    } catch (IOException broken) {
      // by an end or by a cut: either way both sides are closed
    }
    awaitThaw();
    remove(link);
  }

  private void awaitThaw() {
    lock.lock();
    try {
      while (frozen) {
        thawed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(Link link) {
    link.close();
    lock.lock();
    try {
      links.remove(link);
    } finally {
      lock.unlock();
    }
  }

  private Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, "tcp-proxy-" + port() + "-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError("cannot close " + socket, e);
    }
  }

  @Override
  public void close() {
    cut();
  }
}
