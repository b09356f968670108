package dev.carillon.server.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator why a port takes no connections: mostly, that the process may not open more
 * files. Netty waits a second then and tries again, so there is one line a second at most.
 *
 * <p>Confined to the port's event loop.
 */
final class PortFailures extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(PortFailures.class);
  private static final Pattern NATIVE = Pattern.compile("\\w+\\(\\.\\.\\) failed.*\\(-?\\d+\\): ");

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.error("Connections wait, they cannot be accepted reason=\"{}\"", reason(cause));
  }

  /** What the system says, without the name of the call that Netty's native transports prefix. */
  static String reason(Throwable cause) {
    return NATIVE.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
  }
}
