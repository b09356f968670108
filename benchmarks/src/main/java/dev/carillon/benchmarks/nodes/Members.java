package dev.carillon.benchmarks.nodes;

import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Members of presence channels, a WebSocket each, on one thread. Those that watch read their
 * frames; the others throw bytes away, so that the clients leave the machine to the nodes.
 */
final class Members implements AutoCloseable {
  private static final int LARGEST = 1 << 20;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup quiet = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /**
   * Joins a channel; completes when it is a member.
   *
   * @param onFrame gets each frame from then on; null for a member who does not watch
   */
  CompletableFuture<Void> join(
      Node node, String channel, String user, @Nullable Consumer<String> onFrame) {
    CompletableFuture<Void> joined = new CompletableFuture<>();
    Member member = new Member(channel, user, onFrame, joined);
    String uri = "ws://127.0.0.1:" + node.port() + "/app/key?protocol=7";
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(uri)
            .maxFramePayloadLength(LARGEST)
            .build();
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel connection) {
                connection
                    .pipeline()
                    .addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(LARGEST),
                        new WebSocketClientProtocolHandler(config),
                        member);
              }
            })
        .connect("127.0.0.1", node.port())
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                joined.completeExceptionally(connected.cause());
              }
            });
    return joined;
  }

  /** Closes the connections of all who do not watch, at once, and without a goodbye. */
  void leave() {
    quiet.close().syncUninterruptibly();
  }

  @Override
  public void close() {
    loop.shutdownGracefully().syncUninterruptibly();
  }

  /** Confined to the event loop. */
  private final class Member extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private final String channel;
    private final String user;
    private final @Nullable Consumer<String> onFrame;
    private final CompletableFuture<Void> joined;

    Member(
        String channel,
        String user,
        @Nullable Consumer<String> onFrame,
        CompletableFuture<Void> joined) {
      this.channel = channel;
      this.user = user;
      this.onFrame = onFrame;
      this.joined = joined;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      String text = frame.text();
      if (joined.isDone()) {
        if (onFrame != null) {
          onFrame.accept(text);
        }
      } else if (text.contains("connection_established")) {
        ctx.writeAndFlush(new TextWebSocketFrame(subscribe(text)));
      } else if (text.contains("subscription_succeeded")) {
        if (onFrame == null) {
          quiet.add(ctx.channel());
          ctx.pipeline().addFirst(new Discard());
        }
        joined.complete(null);
      }
    }

    private String subscribe(String established) {
      String socketId = established.replaceAll(".*socket_id\\\\\":\\\\\"([\\d.]+).*", "$1");
      String data = "{\"user_id\":\"%s\",\"user_info\":{\"name\":\"%s\"}}".formatted(user, user);
      String auth =
          ChannelAuth.sign(Node.APP, new SocketId(socketId), ChannelName.of(channel), data);
      return "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\",\"auth\":\"%s\",\"channel_data\":\"%s\"}}"
          .formatted(channel, auth, data.replace("\"", "\\\""));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      joined.completeExceptionally(new IllegalStateException(user + " was disconnected"));
    }
  }

  /** Confined to the event loop. */
  private static final class Discard extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      ReferenceCountUtil.release(bytes);
    }
  }
}
