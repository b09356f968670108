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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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
    CompletionStage<Void> published = publish(call.hub(), request);
    if (request.info().isEmpty()) {
      return published.thenApply(accepted -> ACCEPTED);
    }
    return published
        .thenCompose(accepted -> infos(call.hub(), request))
        .thenApply(HttpAnswers::channels);
  }

  private static CompletionStage<Map<ChannelName, ChannelInfo>> infos(
      Hub hub, TriggerRequest request) {
    List<ChannelName> channels = List.copyOf(request.channels());
    return ChannelInfos.of(
            hub,
            channels.stream()
                .map(channel -> new ChannelInfos.Wanted(channel, request.info()))
                .toList())
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

  /** Completes when all channels' events were accepted. */
  static CompletionStage<Void> publish(Hub hub, TriggerRequest request) {
    List<CompletableFuture<Void>> published =
        request.channels().stream()
            .map(
                channel -> {
                  hub.metrics().eventByApi();
                  return hub.trigger(
                          new ServerEvent.ChannelMessage(channel, request.name(), request.data()),
                          request.socketId())
                      .toCompletableFuture();
                })
            .toList();
    return published.size() == 1
        ? published.get(0)
        : CompletableFuture.allOf(published.toArray(CompletableFuture[]::new));
  }
}
