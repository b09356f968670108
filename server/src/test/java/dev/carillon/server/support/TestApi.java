package dev.carillon.server.support;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * Calls the HTTP API as an app's server does.
 *
 * @param prefix the server's path prefix, which is not signed
 */
public record TestApi(String address, String prefix, String appId, Credentials credentials) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public HttpResponse<String> trigger(String body) {
    return post("/events", body);
  }

  /** Triggers an event on one channel, which must be accepted. */
  public void trigger(String channel, String event, String data) {
    HttpResponse<String> response =
        trigger(
            "{\"name\":"
                + TestClient.quoted(event)
                + ",\"channels\":["
                + TestClient.quoted(channel)
                + "],\"data\":"
                + TestClient.quoted(data)
                + "}");
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
  }

  public HttpResponse<String> post(String endpoint, String body) {
    return signed("POST", endpoint, Map.of(), body, Instant.now());
  }

  /** Posts with headers of its own. */
  public HttpResponse<String> post(String endpoint, String body, Map<String, String> headers) {
    String path = "/apps/" + appId + endpoint;
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String signed =
        RequestAuth.signedQuery(credentials, "POST", path, Map.of(), bytes, Instant.now());
    return send("POST", path + "?" + signed, body, headers);
  }

  public HttpResponse<String> get(String endpoint, Map<String, String> query) {
    return signed("GET", endpoint, query, "", Instant.now());
  }

  public HttpResponse<String> get(String endpoint) {
    return get(endpoint, Map.of());
  }

  /** A request that is signed at that time. */
  public HttpResponse<String> signed(
      String method, String endpoint, Map<String, String> query, String body, Instant now) {
    String path = "/apps/" + appId + endpoint;
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String signed = RequestAuth.signedQuery(credentials, method, path, query, bytes, now);
    return send(method, path + "?" + signed, body);
  }

  /** A request with that target, as it is. */
  public HttpResponse<String> send(String method, String target, String body) {
    return send(method, target, body, Map.of());
  }

  /** A request with that target and those headers, as they are. */
  public HttpResponse<String> send(
      String method, String target, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + prefix + target))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
