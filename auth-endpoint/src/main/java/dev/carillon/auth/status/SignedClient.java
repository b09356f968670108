package dev.carillon.auth.status;

import dev.carillon.auth.config.StatusServer;
import dev.carillon.auth.outbound.LimitedBody;
import dev.carillon.auth.status.StatusApiException.Kind;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends signed requests to the Carillon server. What was not taken for certain (the connection was
 * refused, or the server says 503) is sent again a little later, a few times; nothing else is,
 * since it may have been done.
 *
 * <p>Thread-safe; never blocks.
 */
final class SignedClient {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(150);
  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final int CONNECTIONS_MAX = 32;
  private static final int WAITING_MAX = 1_000;
  private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;

  private final Vertx vertx;
  private final HttpClient client;
  private final StatusServer server;
  private final Credentials credentials;
  private final InstantSource clock;

  /** What came back. */
  record Answer(int status, Buffer body) {}

  /** One request. */
  record Call(HttpMethod method, String path, Map<String, String> query, Buffer body) {}

  SignedClient(Vertx vertx, StatusServer server, Credentials credentials, InstantSource clock) {
    this.vertx = vertx;
    this.server = server;
    this.credentials = credentials;
    this.clock = clock;
    boolean tls = "https".equals(server.url().getScheme());
    int port = server.url().getPort();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDefaultHost(server.url().getHost())
                .setDefaultPort(port > 0 ? port : tls ? 443 : 80)
                .setSsl(tls)
                // Less than the server's patience, so that it seldom closes one that is being used.
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout((int) CONNECT.toMillis()),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX));
  }

  /**
   * Sends it.
   *
   * @param attempts at most, 1 or more
   * @return the answer, whatever its status but 503; fails with a {@link StatusApiException} of
   *     kind AWAY
   */
  Future<Answer> send(Call call, int attempts) {
    return send(call, attempts, FIRST_PAUSE);
  }

  private Future<Answer> send(Call call, int attempts, Duration pause) {
    return once(call)
        .map(SignedClient::served)
        .recover(
            failure -> {
              if (attempts <= 1 || !mayBeSentAgain(call, failure)) {
                return Future.failedFuture(away(failure));
              }
              long jitter = ThreadLocalRandom.current().nextLong(pause.toMillis());
              return vertx
                  .timer(pause.toMillis() + jitter, TimeUnit.MILLISECONDS)
                  .compose(late -> send(call, attempts - 1, pause.multipliedBy(2)));
            });
  }

  private Future<Answer> once(Call call) {
    String query =
        RequestAuth.signedQuery(
            credentials,
            call.method().name(),
            call.path(),
            call.query(),
            call.body().getBytes(),
            clock.instant());
    RequestOptions options =
        new RequestOptions()
            .setMethod(call.method())
            .setURI(server.prefix() + call.path() + "?" + query)
            .setIdleTimeout(ANSWER.toMillis());
    return client.request(options).compose(request -> answer(request, call.body()));
  }

  private static Future<Answer> answer(HttpClientRequest request, Buffer body) {
    if (body.length() > 0) {
      request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    }
    return request
        .send(body)
        .compose(
            response ->
                LimitedBody.of(response, BODY_BYTES_MAX)
                    .map(got -> new Answer(response.statusCode(), got)))
        .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(
            failure -> {
              if (failure instanceof TimeoutException) {
                request.reset();
              }
            });
  }

  private static Answer served(Answer answer) {
    if (answer.status() == 503) {
      throw new StatusApiException(Kind.AWAY, "it answers 503");
    }
    return answer;
  }

  private static boolean mayBeSentAgain(Call call, Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || (failure instanceof StatusApiException api && api.kind() == Kind.AWAY)
        || (call.method().equals(HttpMethod.GET) && failure instanceof IOException);
  }

  private static StatusApiException away(Throwable failure) {
    if (failure instanceof StatusApiException known) {
      return known;
    }
    // Vert.x names the request, whose signature is for nobody's log.
    String text =
        failure instanceof TimeoutException
            ? "no answer within " + ANSWER.toSeconds() + " s"
            : String.valueOf(failure.getMessage()).replaceAll("\\?\\S*", "");
    return new StatusApiException(Kind.AWAY, text);
  }

  void close() {
    client.close();
  }
}
