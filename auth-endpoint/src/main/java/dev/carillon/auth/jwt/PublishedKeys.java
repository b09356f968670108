package dev.carillon.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import dev.carillon.auth.outbound.LimitedBody;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys that an identity provider publishes at a URL. They are kept; old ones are fetched
 * again beside, and a key that is not among them makes it look at once, but not again and again.
 * The keys that are known stay good while the provider is away.
 *
 * <p>Thread-safe; never blocks.
 */
final class PublishedKeys implements Keys {
  private static final Logger log = LoggerFactory.getLogger(PublishedKeys.class);
  private static final Duration AGE_MAX = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final int CONNECT_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 5_000;
  private static final int BODY_BYTES_MAX = 256 * 1024;
  // A token that names no key is tried with each; this bounds what that costs.
  private static final int CANDIDATES_MAX = 8;

  private final URI url;
  private final HttpClient client;
  private final InstantSource clock;
  private final AtomicReference<State> state = new AtomicReference<>(State.EMPTY);

  /**
   * @param keys none before the first fetch that went well
   * @param running the fetch that is on its way
   */
  private record State(
      @Nullable JWKSet keys, Instant fetchedAt, Instant triedAt, @Nullable Future<JWKSet> running) {
    static final State EMPTY = new State(null, Instant.MIN, Instant.EPOCH, null);
  }

  PublishedKeys(Vertx vertx, URI url, InstantSource clock) {
    this.url = url;
    this.clock = clock;
    this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS));
  }

  @Override
  public Future<List<JWSVerifier>> verifiers(JWSHeader header) {
    State now = current();
    List<JWSVerifier> known = now.keys() == null ? List.of() : matching(now.keys(), header);
    if (known.isEmpty()) {
      return fetched().map(keys -> matching(keys, header));
    }
    if (now.fetchedAt().plus(AGE_MAX).isBefore(clock.instant())) {
      fetched();
    }
    return Future.succeededFuture(known);
  }

  private static List<JWSVerifier> matching(JWKSet keys, JWSHeader header) {
    // By kid, by use, and by the algorithm's kind of key.
    List<JWK> matching = new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys);
    List<JWSVerifier> verifiers = new ArrayList<>();
    for (JWK key : matching.subList(0, Math.min(matching.size(), CANDIDATES_MAX))) {
      try {
        switch (key.getKeyType().getValue()) {
          case "RSA" -> verifiers.add(new RSASSAVerifier(key.toRSAKey()));
          case "EC" -> verifiers.add(new ECDSAVerifier(key.toECKey()));
          default -> log.debug("key ignored kid={}", key.getKeyID());
        }
      } catch (JOSEException e) {
        log.warn(
            "identity provider's key cannot be used kid={} why={}", key.getKeyID(), e.getMessage());
      }
    }
    return verifiers;
  }

  /** The keys, fetched now, or not long ago, or as they were if that fails. */
  private Future<JWKSet> fetched() {
    State before = current();
    if (before.running() != null) {
      return before.running();
    }
    Instant now = clock.instant();
    if (before.triedAt().plus(PAUSE).isAfter(now)) {
      return known(before);
    }
    Promise<JWKSet> promise = Promise.promise();
    State trying = new State(before.keys(), before.fetchedAt(), now, promise.future());
    if (!state.compareAndSet(before, trying)) {
      return fetched();
    }
    fetch()
        .onComplete(
            result -> {
              State after =
                  result.succeeded()
                      ? new State(result.result(), clock.instant(), now, null)
                      : new State(before.keys(), before.fetchedAt(), now, null);
              state.set(after);
              if (result.failed()) {
                log.warn(
                    "identity provider's keys not fetched url={} why={}", url, why(result.cause()));
              }
              known(after).onComplete(promise);
            });
    return promise.future();
  }

  private State current() {
    return Objects.requireNonNull(state.get());
  }

  private static Future<JWKSet> known(State state) {
    return state.keys() == null
        ? Future.failedFuture(new KeysUnavailableException())
        : Future.succeededFuture(state.keys());
  }

  private static String why(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private Future<JWKSet> fetch() {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url.toString())
            .setIdleTimeout(ANSWER_MILLIS);
    return client
        .request(options)
        .compose(
            request ->
                request
                    .send()
                    .compose(PublishedKeys::body)
                    .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .onFailure(
                        failure -> {
                          if (failure instanceof TimeoutException) {
                            request.reset();
                          }
                        }))
        .compose(PublishedKeys::parsed);
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    return LimitedBody.of(response, BODY_BYTES_MAX)
        .compose(
            body ->
                response.statusCode() == 200
                    ? Future.succeededFuture(body)
                    : Future.failedFuture(new IOException("it answers " + response.statusCode())));
  }

  private static Future<JWKSet> parsed(Buffer body) {
    try {
      return Future.succeededFuture(JWKSet.parse(body.toString()));
    } catch (ParseException e) {
      return Future.failedFuture(new IOException("it answers no JWK set"));
    }
  }
}
