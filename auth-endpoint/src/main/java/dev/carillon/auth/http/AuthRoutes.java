package dev.carillon.auth.http;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.user.Avatar;
import dev.carillon.auth.user.UserDirectory;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Which path leads where, in order. */
public final class AuthRoutes {
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int LOGIN_FAILURES_MAX = 5;
  private static final Duration LOGIN_WINDOW = Duration.ofMinutes(1);
  private static final int LOGINS_REMEMBERED = 10_000;

  private final Router router;

  private AuthRoutes(Router router) {
    this.router = router;
  }

  /** The routes of an endpoint that is told this. */
  public static Router create(
      Vertx vertx, AuthConfig config, UserDirectory directory, InstantSource clock) {
    SigningKey key = new SigningKey(config.credentials());
    Sessions sessions = new Sessions(key, clock);
    SignedInUser signedIn = new SignedInUser(sessions, directory);
    ChannelGate gate = new ChannelGate(config.channels(), directory);
    LoginThrottle throttle =
        new LoginThrottle(LOGIN_FAILURES_MAX, LOGIN_WINDOW, LOGINS_REMEMBERED, clock);

    AuthRoutes routes = new AuthRoutes(Router.router(vertx));
    routes.addGuards(new SecurityHeaders(config.server()), new CsrfGuard(key, sessions));
    routes.addPage(
        new WebFiles(),
        new PageSettings(config.credentials().key(), config.server(), signedIn, directory));
    routes.addAccounts(new Accounts(directory, sessions, signedIn, throttle));
    routes.addBroadcasting(new Broadcasting(config.credentials(), gate, signedIn, directory));
    new Failures(routes.router).handleAll();
    return routes.router;
  }

  private void addGuards(SecurityHeaders headers, CsrfGuard csrf) {
    router.route().handler(headers);
    router.route().handler(csrf::issue);
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX));
    router.route().handler(csrf);
  }

  private void addPage(WebFiles files, PageSettings settings) {
    get("/").handler(files::page);
    get("/assets/*").handler(files::asset);
    get("/avatars/:hue/:file").handler(AuthRoutes::avatar);
    worker(get("/settings.json"), settings::answer);
  }

  private void addAccounts(Accounts accounts) {
    worker(router.post("/login"), accounts::login);
    router.post("/logout").handler(accounts::logout);
    worker(get("/api/me"), accounts::me);
    worker(get("/api/teams"), accounts::teams);
  }

  private void addBroadcasting(Broadcasting broadcasting) {
    worker(router.post(Broadcasting.AUTH), broadcasting::auth);
    worker(router.post(Broadcasting.USER_AUTH), broadcasting::userAuth);
  }

  private Route get(String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private static void worker(Route route, Handler<RoutingContext> handler) {
    route.blockingHandler(handler, false);
  }

  private static void avatar(RoutingContext context) {
    Optional<Avatar> avatar =
        Avatar.at(
            String.valueOf(context.pathParam("hue")), String.valueOf(context.pathParam("file")));
    if (avatar.isEmpty()) {
      context.fail(404);
      return;
    }
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "image/svg+xml; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=86400")
        .end(avatar.get().svg());
  }
}
