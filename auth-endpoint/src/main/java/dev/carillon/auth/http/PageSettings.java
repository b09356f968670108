package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.config.ServerAddress;
import dev.carillon.auth.user.UserDirectory;
import io.vertx.ext.web.RoutingContext;

/**
 * What the page must know first: where to connect, the sample accounts, and who is signed in.
 *
 * <p>Thread-safe; asks the directory, so it may block.
 */
final class PageSettings {
  private final String key;
  private final ServerAddress server;
  private final SignedInUser signedIn;
  private final UserDirectory directory;

  PageSettings(String key, ServerAddress server, SignedInUser signedIn, UserDirectory directory) {
    this.key = key;
    this.server = server;
    this.signedIn = signedIn;
    this.directory = directory;
  }

  /**
   * {@code {"key":…,"host":…,"port":…,"path":…,"tls":…,"samples":[…],"user":…}}; an empty host is
   * the page's own; a user is as {@code /api/me} answers, or null; a sample has its {@code
   * password} too.
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
    settings.set("user", signedIn.of(context).<JsonNode>map(Accounts::json).orElse(Json.NULL));
    Json.answer(context, 200, settings);
  }
}
