package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.config.ServerAddress;
import dev.carillon.auth.user.SampleUsers;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * What the page must know first: where to connect, the sample accounts, and who is signed in.
 *
 * <p>Thread-safe; never blocks.
 */
final class PageSettings {
  private final String key;
  private final ServerAddress server;
  private final Identity identity;
  private final List<User> samples;

  /**
   * @param samples the accounts to offer, with the password that everybody knows
   */
  PageSettings(String key, ServerAddress server, Identity identity, List<User> samples) {
    this.key = key;
    this.server = server;
    this.identity = identity;
    this.samples = samples;
  }

  /**
   * {@code {"key":…,"host":…,"port":…,"path":…,"tls":…,"samples":[…],"user":…}}; an empty host is
   * the page's own; a user is as {@code /api/me} answers, or null; a sample has its {@code
   * password} too.
   */
  Future<Void> answer(RoutingContext context) {
    return identity.of(context).compose(user -> Json.answer(context, 200, settings(user)));
  }

  private ObjectNode settings(Optional<User> user) {
    ObjectNode settings =
        Json.object()
            .put("key", key)
            .put("host", server.host())
            .put("port", server.port())
            .put("path", server.path())
            .put("tls", server.tls());
    ArrayNode accounts = settings.putArray("samples");
    samples.forEach(
        sample -> accounts.add(Accounts.json(sample).put("password", SampleUsers.PASSWORD)));
    settings.set("user", user.<JsonNode>map(Accounts::json).orElse(Json.NULL));
    return settings;
  }
}
