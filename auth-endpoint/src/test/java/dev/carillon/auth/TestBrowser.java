package dev.carillon.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Keeps cookies, and sends the CSRF token back as axios does. */
final class TestBrowser {
  static final String FORM = "application/x-www-form-urlencoded";
  static final String JSON = "application/json";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final int port;
  final Map<String, String> cookies = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();

  TestBrowser(int port) {
    this.port = port;
  }

  /** With that header from now on. */
  TestBrowser with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Answer get(String path) {
    return send("GET", path, "", "", false);
  }

  Answer login(String email, String password) {
    return postJson("/login", Map.of("email", email, "password", password));
  }

  Answer postJson(String path, Map<String, ?> fields) {
    try {
      return send("POST", path, JSON, MAPPER.writeValueAsString(fields), true);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer postForm(String path, Map<String, String> fields) {
    return send("POST", path, FORM, form(fields), true);
  }

  /** As pusher-js does it: a form, and no CSRF token. */
  Answer postAsPusher(String path, Map<String, String> fields) {
    return send("POST", path, FORM, form(fields), false);
  }

  Answer postMultipart(String path, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    "--XX\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                        .formatted(field.getKey(), field.getValue()))
            .collect(Collectors.joining());
    return send("POST", path, "multipart/form-data; boundary=XX", body + "--XX--\r\n", true);
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  Answer send(String method, String path, String type, String body, boolean token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(request::setHeader);
    if (!type.isEmpty()) {
      request.setHeader("Content-Type", type);
    }
    if (!cookies.isEmpty()) {
      request.setHeader(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    if (token && cookies.containsKey("XSRF-TOKEN")) {
      request.setHeader("X-XSRF-TOKEN", cookies.get("XSRF-TOKEN"));
    }
    try {
      return keepCookies(new Answer(CLIENT.send(request.build(), BodyHandlers.ofString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Answer keepCookies(Answer answer) {
    for (String cookie : answer.response().headers().allValues("set-cookie")) {
      String pair = cookie.split(";", 2)[0];
      String name = pair.substring(0, pair.indexOf('='));
      String value = pair.substring(pair.indexOf('=') + 1);
      if (value.isEmpty()) {
        cookies.remove(name);
      } else {
        cookies.put(name, value);
      }
    }
    return answer;
  }

  /** What came back. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      return parse(body());
    }

    String message() {
      return json().path("message").asText();
    }

    /** Set-Cookie of that name, whole. */
    String setCookie(String name) {
      return response.headers().allValues("set-cookie").stream()
          .filter(cookie -> cookie.startsWith(name + "="))
          .findFirst()
          .orElse("");
    }

    static JsonNode parse(String text) {
      try {
        return MAPPER.readTree(text);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
