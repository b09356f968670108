package dev.carillon.cli;

import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The app of a server that a command is about.
 *
 * <p>Confined to one thread.
 */
final class Target {
  private static final int MAX_PORT = 65_535;

  @Mixin private final ConfigFile file;

  @Parameters(index = "0", paramLabel = "APP", description = "The app's id.")
  private String app = "";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The server, like https://host:port/path; else the configured one.")
  private @Nullable String url;

  Target(ConfigFile file) {
    this.file = file;
  }

  /**
   * An app and where its server is.
   *
   * @param base {@code http} or {@code https}; its path does not end with a slash
   */
  record Address(URI base, AppConfig app) {
    /** That path on the server, behind its prefix. */
    URI resolve(String path) {
      return URI.create(base + path);
    }

    /** The same for a WebSocket: {@code http} becomes {@code ws}. */
    URI webSocket(String path) {
      return URI.create("ws" + resolve(path).toString().substring("http".length()));
    }
  }

  Address address() throws ConfigException, Failure {
    Config config = file.load();
    AppConfig found =
        config.apps().stream()
            .filter(candidate -> candidate.id().equals(app))
            .findFirst()
            .orElseThrow(() -> unknownApp(config));
    return new Address(url == null ? configured(config) : named(url), found);
  }

  private Failure unknownApp(Config config) {
    String ids = config.apps().stream().map(AppConfig::id).collect(Collectors.joining(", "));
    return Failure.wrong("APP: got '" + app + "', configured are the ids " + ids);
  }

  private static URI configured(Config config) throws Failure {
    if (config.server().port() == 0) {
      throw Failure.wrong("server.port: got 0, so --url has to tell where the server is");
    }
    String host =
        switch (config.server().host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "::1";
          default -> config.server().host();
        };
    String written = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + written + ":" + config.server().port() + config.server().path());
  }

  private static URI named(String url) throws Failure {
    try {
      URI uri = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
        throw Failure.wrong(
            "--url: got port " + uri.getPort() + ", allowed is one from 1 to " + MAX_PORT);
      }
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw badUrl(url);
    }
    throw badUrl(url);
  }

  private static Failure badUrl(String url) {
    return Failure.wrong("--url: got '" + url + "', allowed is one like http://host:8080/path");
  }
}
