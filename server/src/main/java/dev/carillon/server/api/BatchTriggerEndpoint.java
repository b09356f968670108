package dev.carillon.server.api;

import dev.carillon.protocol.http.ChannelInfo;
import dev.carillon.protocol.http.HttpAnswers;
import dev.carillon.protocol.http.TriggerRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /apps/<id>/batch_events}: sends several events; all of them or, if one is not valid,
 * none.
 */
final class BatchTriggerEndpoint implements Endpoint {
  private static final ApiResponse ACCEPTED = ApiResponse.json(HttpAnswers.empty());

  @Override
  public CompletionStage<ApiResponse> call(ApiCall call) {
    List<TriggerRequest> events =
        TriggerRequest.parseBatch(call.request().body(), TriggerEndpoint.limits(call.app()));
    CompletableFuture<Void> published =
        CompletableFuture.allOf(
            events.stream()
                .map(event -> TriggerEndpoint.publish(call.hub(), event).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    if (events.stream().allMatch(event -> event.info().isEmpty())) {
      return published.thenApply(accepted -> ACCEPTED);
    }
    List<CompletionStage<ChannelInfo>> infos =
        events.stream()
            .map(
                event ->
                    published.thenCompose(
                        accepted ->
                            ChannelInfos.of(call.hub(), event.channels().get(0), event.info())))
            .map(stage -> (CompletionStage<ChannelInfo>) stage)
            .toList();
    return ChannelInfos.all(infos).thenApply(all -> ApiResponse.json(HttpAnswers.batch(all)));
  }
}
