package dev.carillon.server.admin;

import dev.carillon.server.config.AdminConfig;
import dev.carillon.server.metrics.Metrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The operators' port: {@code /metrics}, {@code /ready}, {@code /live}. It has a thread of its own,
 * so a scrape costs no client anything.
 *
 * <p>Thread-safe.
 */
public final class Admin implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 8_192;
  private static final int IDLE_SECONDS = 75;

  private final AdminConfig config;
  private final Metrics metrics;
  private final Readiness readiness;
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin"), NioIoHandler.newFactory());

  public Admin(AdminConfig config, Metrics metrics, Readiness readiness) {
    this.config = config;
    this.metrics = metrics;
    this.readiness = readiness;
  }

  /**
   * Opens the port.
   *
   * @return the port, also where the configuration leaves it open with 0
   * @throws IOException if the address cannot be listened on
   */
  public int bind() throws IOException {
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new IOException("cannot listen on " + config.host() + ": no such host");
    }
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new ReadTimeoutHandler(IDLE_SECONDS),
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_REQUEST_BYTES),
                            new AdminHandler(config.token(), metrics, readiness));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + config.address(config.port())
              + " (admin): "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
