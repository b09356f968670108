package dev.carillon.server.api;

import dev.carillon.protocol.http.HttpAnswers;
import dev.carillon.protocol.http.TriggerBatch;
import dev.carillon.protocol.http.TriggerRequest;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.idempotency.Idempotency;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

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
    Set<Integer> suppressed = ConcurrentHashMap.newKeySet();
    CompletionStage<Void> published = publish(call.hub(), events, suppressed);
    if (events.stream().allMatch(event -> event.info().isEmpty())) {
      return published.thenApply(accepted -> ACCEPTED);
    }
    List<ChannelInfos.Wanted> wanted =
        events.stream()
            .map(event -> new ChannelInfos.Wanted(event.channels().get(0), event.info()))
            .toList();
    return published
        .thenCompose(accepted -> ChannelInfos.ofEvents(call.hub(), wanted, suppressed::contains))
        .thenApply(HttpAnswers::batch);
  }

  /**
   * All at once; in turn where it is to be read first how a user is, so that they stay in order.
   *
   * @param suppressed is given the places of those whose user does not want to be disturbed
   */
  private static CompletionStage<Void> publish(
      Hub hub, List<TriggerRequest> events, Set<Integer> suppressed) {
    boolean inTurn =
        events.stream()
            .anyMatch(event -> TriggerEndpoint.mayDisturb(hub, event.channels().get(0), event));
    CompletionStage<Void> all = CompletableFuture.completedStage(null);
    for (int i = 0; i < events.size(); i++) {
      int index = i;
      Supplier<CompletionStage<Void>> next =
          () -> TriggerEndpoint.publish(hub, events.get(index), channel -> suppressed.add(index));
      all =
          inTurn
              ? all.thenCompose(before -> next.get())
              : all.thenCombine(next.get(), (before, accepted) -> null);
    }
    return all;
  }
}
