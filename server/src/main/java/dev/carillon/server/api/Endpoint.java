package dev.carillon.server.api;

import java.util.concurrent.CompletionStage;

/** One call of the HTTP API, for requests that were verified. */
interface Endpoint {
  /**
   * Answers; throws {@link dev.carillon.protocol.ProtocolException} for what the caller got wrong.
   */
  CompletionStage<ApiResponse> call(ApiCall call);
}
