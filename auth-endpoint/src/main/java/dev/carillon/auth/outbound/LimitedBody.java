package dev.carillon.auth.outbound;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;

/** Reads what another server answers, up to a limit. */
public final class LimitedBody {
  private LimitedBody() {}

  /** The whole body; fails with an {@link IOException} if it is larger. */
  public static Future<Buffer> of(HttpClientResponse response, int bytesMax) {
    Promise<Buffer> whole = Promise.promise();
    Buffer got = Buffer.buffer();
    response
        .handler(
            part -> {
              if (got.length() + part.length() > bytesMax) {
                whole.tryFail(new IOException("its answer is larger than " + bytesMax + " bytes"));
                response.request().reset();
              } else {
                got.appendBuffer(part);
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(end -> whole.tryComplete(got));
    return whole.future();
  }
}
