package dev.carillon.server.transport;

import dev.carillon.server.config.TransportType;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How bytes move: the kernel's interface, chosen once at the start. */
public enum Transport {
  /** Linux' epoll, by Netty's native library. */
  EPOLL,
  /** The JDK's selector; everywhere. */
  NIO;

  /**
   * The transport for that setting.
   *
   * @throws IllegalStateException if epoll was asked for and is not to be had, with the cause
   */
  public static Transport of(TransportType type) {
    return switch (type) {
      case NIO -> NIO;
      case EPOLL -> {
        Throwable unavailable = Epoll.unavailabilityCause();
        if (unavailable != null) {
          throw new IllegalStateException("server.transport: epoll is not available", unavailable);
        }
        yield EPOLL;
      }
      case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
    };
  }

  IoHandlerFactory handlers() {
    return this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  Class<? extends ServerChannel> serverChannel() {
    return this == EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }
}
