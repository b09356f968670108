package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.auth.TestBrowser.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SiteTest {
  @AutoClose private static final TestSite site = TestSite.start();

  /** The request as it is written, since HttpClient would tidy the path. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", site.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void pageIsServedWithAPolicyThatAllowsOwnScriptsAndTheServersSocketsOnly() {
    Answer page = site.browser().get("/");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type")).startsWith("text/html");
    assertThat(page.header("content-security-policy"))
        .contains("default-src 'none'")
        .contains("script-src 'self';")
        .contains("connect-src 'self' ws://127.0.0.1:6001 wss://127.0.0.1:6001;")
        .contains("frame-ancestors 'none'");
    assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(page.header("x-frame-options")).isEqualTo("DENY");
    assertThat(page.body()).doesNotContain("<script>").doesNotContain("style=");
  }

  @Test
  void hostThatIsNoHostNameDoesNotReachThePolicy() throws IOException {
    String answer = raw("GET / HTTP/1.1\r\nHost: x; script-src *\r\nConnection: close\r\n\r\n");

    assertThat(answer).doesNotContain("script-src *");
  }

  @Test
  void assetsAreServedWithTheirTypesAndRevalidated() {
    Answer first = site.browser().get("/assets/style.css");
    Answer again =
        site.browser().with("If-None-Match", first.header("etag")).get("/assets/style.css");

    assertThat(first.header("content-type")).isEqualTo("text/css; charset=utf-8");
    assertThat(again.status()).isEqualTo(304);
    assertThat(site.browser().get("/assets/app.js").header("content-type"))
        .startsWith("text/javascript");
  }

  @Test
  void everyFileOfThePageIsServed() throws IOException {
    Path web = Path.of("src/main/resources/web");
    try (Stream<Path> files = Files.walk(web).filter(Files::isRegularFile)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(site.browser().get("/" + web.relativize(file)))
                      .returns(file.endsWith("index.html") ? 404 : 200, Answer::status));
    }
  }

  @Test
  void clientLibrariesAreTheOnesThatWereReleased() throws Exception {
    String versions = site.browser().get("/assets/vendor/VERSIONS.txt").body();

    for (String name : new String[] {"pusher.min.js", "echo.js"}) {
      byte[] served =
          site.browser().get("/assets/vendor/" + name).body().getBytes(StandardCharsets.UTF_8);
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(served);
      assertThat(versions).contains(HexFormat.of().formatHex(sum));
    }
  }

  @Test
  void pathsOutsideOfTheAssetsAreNotFound() throws IOException {
    for (String path :
        new String[] {
          "/assets/../index.html",
          "/assets/../../logback-test.xml",
          "/assets/%2e%2e/%2e%2e/logback-test.xml",
          "/assets/..%2f..%2flogback-test.xml",
          "/assets//etc/passwd",
          "/assets/vendor/",
          "/assets/",
          "/avatars/1/..%2f..%2fx.svg"
        }) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(answer).as(path).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void settingsTellThePageWhereToConnect() {
    Answer settings = site.browser().get("/settings.json");

    assertThat(settings.json().path("key").textValue()).isEqualTo("app-key");
    assertThat(settings.json().path("host").textValue()).isEmpty();
    assertThat(settings.json().path("port").intValue()).isEqualTo(6001);
    assertThat(settings.json().path("samples")).hasSize(4);
    assertThat(settings.json().path("user").isNull()).isTrue();
    assertThat(settings.body()).doesNotContain("app-secret");
    assertThat(site.signedIn("ann").get("/settings.json").json().path("user").path("name"))
        .hasToString("\"Ann\"");
  }

  @Test
  void avatarsAreDrawnAndNothingElseIs() {
    Answer avatar = site.browser().get("/avatars/210/A.svg");

    assertThat(avatar.header("content-type")).startsWith("image/svg+xml");
    assertThat(avatar.body()).contains(">A</text>");
    assertThat(site.browser().get("/avatars/360/A.svg").status()).isEqualTo(404);
    assertThat(site.browser().get("/avatars/1/%3Cb%3E.svg").status()).isEqualTo(404);
  }

  @Test
  void headIsAnsweredLikeGetWithoutABody() {
    Answer head = site.browser().send("HEAD", "/", "", "", false);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("content-length")).isNotEmpty();
  }

  @Test
  void otherMethodsAreAnswered405() {
    TestBrowser ann = site.signedIn("ann");

    assertThat(ann.get("/login"))
        .returns(405, Answer::status)
        .satisfies(answer -> assertThat(answer.header("allow")).isEqualTo("POST"));
    assertThat(ann.send("DELETE", "/api/me", "", "", true).status()).isEqualTo(405);
    assertThat(ann.postJson("/nowhere", Map.of()).status()).isEqualTo(404);
  }

  @Test
  void twoMegabytesAreRefused() throws Exception {
    byte[] body = new byte[2 * 1024 * 1024];
    URI login = URI.create("http://127.0.0.1:" + site.port() + "/login");
    HttpClient client = HttpClient.newHttpClient();

    for (BodyPublisher publisher :
        new BodyPublisher[] {
          BodyPublishers.ofByteArray(body),
          BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
        }) {
      HttpRequest request =
          HttpRequest.newBuilder(login)
              .header("Content-Type", "application/json")
              .POST(publisher)
              .build();

      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void takenPortIsNamed() {
    TestSite.Setup taken = new TestSite.Setup();
    taken.port = site.port();

    try (AuthEndpoint second = new AuthEndpoint(taken.config())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + site.port());
    }
  }

  @Test
  void closingTwiceIsFine() {
    TestSite other = TestSite.start();

    other.close();
    other.close();

    assertThatThrownBy(other::port).isInstanceOf(IllegalStateException.class);
  }
}
