package dev.carillon.cli;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Calls an app's HTTP API as the SDKs do: each request is signed.
 *
 * <p>Thread-safe.
 */
final class ApiClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final Target.Address address;
  private final Credentials credentials;

  ApiClient(Target.Address address) {
    this.address = address;
    this.credentials = new Credentials(address.app().key(), address.app().secret());
  }

  /** The answer to {@code GET /apps/<id>…}. */
  String get(String path, Map<String, String> query) throws IOException, Failure {
    return call("GET", path, query, new byte[0]);
  }

  /** The answer to {@code POST /apps/<id>…}. */
  String post(String path, byte[] body) throws IOException, Failure {
    return call("POST", path, Map.of(), body);
  }

  private String call(String method, String path, Map<String, String> query, byte[] body)
      throws IOException, Failure {
    // The signature is over the path without the server's prefix.
    String full = "/apps/" + address.app().id() + path;
    String signed = RequestAuth.signedQuery(credentials, method, full, query, body, Instant.now());
    URI uri = address.resolve(full + "?" + signed);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<String> response = send(request);
    if (response.statusCode() != 200) {
      throw Failure.running(
          address.base() + ": answered " + response.statusCode() + ": " + response.body().strip());
    }
    return response.body().strip();
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, Failure {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw Failure.running(address.base() + ": cannot connect; does the server run there?");
    } catch (IOException e) {
      throw new IOException(address.base() + ": no answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.running("interrupted");
    }
  }
}
