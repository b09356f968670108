package dev.carillon.auth.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page's files, read once and served from memory: no path of a request ever reaches a file
 * system, and no temporary directory is needed to serve what is inside a jar. Browsers ask again
 * each time, and get 304 while a file is the same.
 *
 * <p>Immutable.
 */
final class WebFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8");

  private static final List<String> NAMES =
      List.of(
          "index.html",
          "assets/style.css",
          "assets/team.css",
          "assets/icon.svg",
          "assets/vendor/pusher.min.js",
          "assets/vendor/echo.js",
          "assets/vendor/pusher.LICENSE.txt",
          "assets/vendor/echo.LICENSE.txt",
          "assets/vendor/VERSIONS.txt");

  private static final List<String> MODULES =
      List.of(
          "app",
          "attendance",
          "calls",
          "device",
          "dom",
          "end-field",
          "frame-view",
          "icons",
          "location-view",
          "members-view",
          "own-view",
          "people",
          "quiet-view",
          "room",
          "schedule-view",
          "statuses",
          "talk-view",
          "times",
          "typists");

  private final Map<String, File> files;

  private record File(Buffer content, String type, String etag) {}

  WebFiles() {
    Stream<String> modules = MODULES.stream().map(name -> "assets/" + name + ".js");
    this.files =
        Stream.concat(NAMES.stream(), modules)
            .collect(Collectors.toMap(Function.identity(), WebFiles::read));
  }

  private static File read(String name) {
    try (InputStream in = WebFiles.class.getResourceAsStream("/web/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the class path has no /web/" + name);
      }
      byte[] content = in.readAllBytes();
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      return new File(Buffer.buffer(content), String.valueOf(type), etag(content));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /web/" + name, e);
    }
  }

  private static String etag(byte[] content) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(sum) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Answers with the page. */
  void page(RoutingContext context) {
    serve(context, "index.html");
  }

  /** Answers with the asset of the request's path, or 404. */
  void asset(RoutingContext context) {
    serve(context, context.normalizedPath().substring(1));
  }

  private void serve(RoutingContext context, String name) {
    Optional<File> found = Optional.ofNullable(files.get(name));
    if (found.isEmpty()) {
      context.fail(404);
      return;
    }
    File file = found.get();
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, file.type())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader(HttpHeaders.ETAG, file.etag());
    if (file.etag().equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      context.response().setStatusCode(304).end();
    } else {
      // Said here, since nothing counts it for HEAD.
      context
          .response()
          .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(file.content().length()))
          .end(file.content());
    }
  }
}
