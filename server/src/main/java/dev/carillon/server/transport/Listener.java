package dev.carillon.server.transport;

import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.server.api.Api;
import dev.carillon.server.app.Apps;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.limit.AddressLimit;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.session.Sessions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that serves WebSockets and the HTTP API.
 *
 * <p>Thread-safe.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final ServerConfig config;
  private final EventLoops loops;
  private final ServerPipeline pipeline;
  private final List<Channel> ports = new ArrayList<>();

  public Listener(
      ServerConfig config,
      EventLoops loops,
      Apps apps,
      Hubs hubs,
      Sessions sessions,
      SocketIds socketIds,
      Api api,
      AddressLimit handshakes,
      Metrics metrics) {
    this.config = config;
    this.loops = loops;
    Admission admission = new Admission(apps, hubs, handshakes, metrics);
    Routes routes =
        new Routes(
            config.path(),
            new TrustedProxies(config.trustedProxies()),
            new WebSocketUpgrade(admission, sessions, socketIds),
            new HttpFallbacks(admission, sessions, socketIds),
            api);
    this.pipeline = new ServerPipeline(config.maxRequestBytes(), routes, loops);
  }

  /**
   * Opens the port.
   *
   * @return the port, also where the configuration leaves it open with 0
   * @throws IOException if the address cannot be listened on
   */
  public int bind() throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.transport().serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                // Both marks at the limit: what a turn writes may pass it, what a flush leaves may
                // not.
                new WriteBufferWaterMark(config.maxOutboundBytes(), config.maxOutboundBytes()))
            .childHandler(pipeline)
            .bind(address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotListen(bound.cause());
    }
    Channel port = bound.channel();
    // Behind Netty's own, which is there by now and passes its failures on.
    port.pipeline().addLast(new PortFailures());
    ports.add(port);
    return ((InetSocketAddress) port.localAddress()).getPort();
  }

  /**
   * Whether the port could be opened: what stands in its way is known before it is wanted.
   *
   * @throws IOException if the address cannot be listened on
   */
  public void check() throws IOException {
    InetSocketAddress address = address();
    // Bound without listening: nobody is let in.
    try (Socket socket = new Socket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw cannotListen(e);
    }
  }

  private InetSocketAddress address() throws IOException {
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new IOException("cannot listen on " + config.host() + ": no such host");
    }
    return address;
  }

  private IOException cannotListen(Throwable cause) {
    return new IOException(
        "cannot listen on " + config.address(config.port()) + ": " + PortFailures.reason(cause),
        cause);
  }

  /** Closes the port; connections stay. */
  @Override
  public void close() {
    ports.forEach(port -> port.close().awaitUninterruptibly());
  }
}
