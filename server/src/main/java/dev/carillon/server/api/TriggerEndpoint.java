package dev.carillon.server.api;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.http.ChannelInfo;
import dev.carillon.protocol.http.HttpAnswers;
import dev.carillon.protocol.http.TriggerLimits;
import dev.carillon.protocol.http.TriggerRequest;
import dev.carillon.server.app.App;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.idempotency.Idempotency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** {@code POST /apps/<id>/events}: sends an event to channels. */
final class TriggerEndpoint implements Endpoint {
  private static final byte[] ACCEPTED = HttpAnswers.empty();

  private final Repeats repeats;

  TriggerEndpoint(Idempotency idempotency) {
    this.repeats = new Repeats(idempotency, "events");
  }

  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    TriggerRequest request = TriggerRequest.parse(call.request().body(), limits(call.app()));
    return repeats.once(call, request.idempotencyKey(), () -> trigger(call, request));
  }

  private static CompletionStage<byte[]> trigger(ApiCall call, TriggerRequest request) {
    if (request.info().isEmpty()) {
      return publish(call.hub(), request, channel -> {}).thenApply(accepted -> ACCEPTED);
    }
    Set<ChannelName> suppressed = ConcurrentHashMap.newKeySet();
    return publish(call.hub(), request, suppressed::add)
        .thenCompose(accepted -> infos(call.hub(), request, suppressed))
        .thenApply(HttpAnswers::channels);
  }

  private static CompletionStage<Map<ChannelName, ChannelInfo>> infos(
      Hub hub, TriggerRequest request, Set<ChannelName> suppressed) {
    List<ChannelName> channels = request.channels();
    return ChannelInfos.ofEvents(
            hub,
            channels.stream()
                .map(channel -> new ChannelInfos.Wanted(channel, request.info()))
                .toList(),
            i -> suppressed.contains(channels.get(i)))
        .thenApply(
            infos -> {
              Map<ChannelName, ChannelInfo> byName = new LinkedHashMap<>();
              for (int i = 0; i < infos.size(); i++) {
                byName.put(channels.get(i), infos.get(i));
              }
              return byName;
            });
  }

  static TriggerLimits limits(App app) {
    return new TriggerLimits(app.maxEventBytes(), app.relaxedChannelNames());
  }

  /**
   * Completes when all channels' events were accepted.
   *
   * @param suppressed is told, before, of channels whose user does not want to be disturbed
   */
  static CompletionStage<Void> publish(
      Hub hub, TriggerRequest request, Consumer<ChannelName> suppressed) {
    List<CompletableFuture<Void>> published =
        request.channels().stream()
            .map(
                channel -> {
                  hub.metrics().eventByApi();
                  return publish(hub, channel, request, suppressed).toCompletableFuture();
                })
            .toList();
    return published.size() == 1
        ? published.get(0)
        : CompletableFuture.allOf(published.toArray(CompletableFuture[]::new));
  }

  private static CompletionStage<Void> publish(
      Hub hub, ChannelName channel, TriggerRequest request, Consumer<ChannelName> suppressed) {
    ServerEvent.ChannelMessage event =
        new ServerEvent.ChannelMessage(channel, request.name(), request.data());
    if (!mayDisturb(hub, channel, request)) {
      return hub.trigger(event, request.socketId());
    }
    return hub.doNotDisturb()
        .publish(event, request.socketId())
        .thenAccept(
            unwanted -> {
              if (unwanted) {
                suppressed.accept(channel);
              }
            });
  }

  /** Whether it depends on how the channel's user is if the event is delivered now. */
  static boolean mayDisturb(Hub hub, ChannelName channel, TriggerRequest request) {
    return !request.urgent() && hub.doNotDisturb().concerns(channel, request.name());
  }
}
