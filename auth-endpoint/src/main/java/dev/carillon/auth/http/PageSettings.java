package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.config.ServerAddress;
import dev.carillon.auth.user.UserDirectory;
import io.vertx.ext.web.RoutingContext;

/**
 * What the page must know before anybody signs in: where to connect, and the sample accounts.
 *
 * <p>Thread-safe; asks the directory, so it may block.
 */
final class PageSettings {
  private final String key;
  private final ServerAddress server;
  private final UserDirectory directory;

  PageSettings(String key, ServerAddress server, UserDirectory directory) {
    this.key = key;
    this.server = server;
    this.directory = directory;
  }

  /**
   * {@code
   * {"key":…,"host":…,"port":…,"path":…,"tls":…,"samples":[{"name","email","avatar","password"}]}};
   * an empty host is the page's own.
   */
  void answer(RoutingContext context) {
    ObjectNode settings =
        Json.object()
            .put("key", key)
            .put("host", server.host())
            .put("port", server.port())
            .put("path", server.path())
            .put("tls", server.tls());
    ArrayNode samples = settings.putArray("samples");
    directory
        .samples()
        .forEach(s -> samples.add(Accounts.json(s.user()).put("password", s.password())));
    Json.answer(context, 200, settings);
  }
}
