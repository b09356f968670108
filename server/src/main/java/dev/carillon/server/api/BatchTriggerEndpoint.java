package dev.carillon.server.api;

import dev.carillon.protocol.http.HttpAnswers;
import dev.carillon.protocol.http.TriggerBatch;
import dev.carillon.protocol.http.TriggerRequest;
import dev.carillon.server.idempotency.Idempotency;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /apps/<id>/batch_events}: sends several events; all of them or, if one is not valid,
 * none.
 */
final class BatchTriggerEndpoint implements Endpoint {
  private static final byte[] ACCEPTED = HttpAnswers.empty();

  private final Repeats repeats;

  BatchTriggerEndpoint(Idempotency idempotency) {
    this.repeats = new Repeats(idempotency, "batch_events");
  }

  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    TriggerBatch batch =
        TriggerBatch.parse(call.request().body(), TriggerEndpoint.limits(call.app()));
    return repeats.once(call, batch.idempotencyKey(), () -> trigger(call, batch.events()));
  }

  private static CompletionStage<byte[]> trigger(ApiCall call, List<TriggerRequest> events) {
    CompletableFuture<Void> published =
        CompletableFuture.allOf(
            events.stream()
                .map(event -> TriggerEndpoint.publish(call.hub(), event).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    if (events.stream().allMatch(event -> event.info().isEmpty())) {
      return published.thenApply(accepted -> ACCEPTED);
    }
    List<ChannelInfos.Wanted> wanted =
        events.stream()
            .map(event -> new ChannelInfos.Wanted(event.channels().get(0), event.info()))
            .toList();
    return published
        .thenCompose(accepted -> ChannelInfos.of(call.hub(), wanted))
        .thenApply(HttpAnswers::batch);
  }
}
