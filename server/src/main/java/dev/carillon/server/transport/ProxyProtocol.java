package dev.carillon.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ProtocolDetectionState;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a trusted proxy's connection: it looks whether a PROXY header (version 1 or
 * 2) comes before the HTTP, has it read, and goes. Source:
 * https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
 *
 * <p>Confined to its event loop.
 */
final class ProxyProtocol extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyProtocol.class);

  /** Of version 2, besides addresses: certificates' names, ids of clouds. */
  private static final int MAX_TLV_BYTES = 4_096;

  private final Consumer<Client> onClient;

  /** Tells who the client is, before the HTTP goes on. */
  ProxyProtocol(Consumer<Client> onClient) {
    this.onClient = onClient;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    ProtocolDetectionState state = HAProxyMessageDecoder.detectProtocol(in).state();
    if (state == ProtocolDetectionState.NEEDS_MORE_DATA) {
      return; // no HTTP request is shorter than what it takes to see
    }
    if (state == ProtocolDetectionState.DETECTED) {
      ctx.pipeline()
          .addAfter(ctx.name(), "proxy-client", new HeaderHandler(onClient))
          .addAfter(ctx.name(), "proxy-header", new HAProxyMessageDecoder(MAX_TLV_BYTES));
    }
    ctx.pipeline().remove(this);
  }

  /** Takes the header, once it was read. */
  private static final class HeaderHandler extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final Consumer<Client> onClient;

    HeaderHandler(Consumer<Client> onClient) {
      this.onClient = onClient;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
      InetAddress source = source(header);
      if (source != null) {
        onClient.accept(new Client(source, isTls(header)));
      }
      ctx.pipeline().remove(this);
    }

    /** None for a proxy's own connections (health checks), and for what is no IP address. */
    private static @Nullable InetAddress source(HAProxyMessage header) {
      String address = header.sourceAddress();
      return address == null ? null : TrustedProxies.parsed(address);
    }

    private static boolean isTls(HAProxyMessage header) {
      return header.tlvs().stream()
          .anyMatch(tlv -> tlv instanceof HAProxySSLTLV ssl && ssl.isPP2ClientSSL());
    }

    /** The header cannot be read: nobody knows where the HTTP begins. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.debug(
          "PROXY header refused proxy={} reason={}",
          ctx.channel().remoteAddress(),
          cause.toString());
      ctx.close();
    }
  }
}
