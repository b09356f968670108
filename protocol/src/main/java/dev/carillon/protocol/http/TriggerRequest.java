package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event to send: the body of {@code POST /apps/<id>/events}, or one item of a batch.
 *
 * <pre>
 * {@code {"name":"order.created","data":"{\"id\":1}","channels":["private-orders"],"socket_id":"1.2","info":"user_count"}}
 * </pre>
 *
 * @param data a JSON string, as the request has it
 * @param channels 1 to 100, each once
 * @param socketId the connection that does not get it
 * @param urgent whether users get it also while they do not want to be disturbed
 * @param idempotencyKey of the request; an item of a batch has none
 */
public record TriggerRequest(
    String name,
    RawJson data,
    List<ChannelName> channels,
    @Nullable SocketId socketId,
    Set<Info> info,
    boolean urgent,
    @Nullable IdempotencyKey idempotencyKey) {

  /** Defensive copies. */
  public TriggerRequest {
    channels = List.copyOf(channels);
    info = Set.copyOf(info);
  }

  /**
   * Reads the body of an event.
   *
   * @throws ProtocolException if it is not of that form (400), or the data is too large (413)
   */
  public static TriggerRequest parse(byte[] body, TriggerLimits limits) {
    return new TriggerReader(body, limits).event();
  }
}
