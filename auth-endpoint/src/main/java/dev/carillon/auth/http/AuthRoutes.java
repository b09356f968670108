package dev.carillon.auth.http;

import dev.carillon.auth.user.Avatar;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Which path leads where, in order. */
public final class AuthRoutes {
  /** Of a body, in any form: a megabyte is still told which of its fields is too long. */
  public static final int BODY_BYTES_MAX = 1_310_720;

  private final Router router;
  private final Parts parts;

  private AuthRoutes(Router router, Parts parts) {
    this.router = router;
    this.parts = parts;
  }

  /** The routes of those parts. */
  public static Router create(Vertx vertx, Parts parts, InstantSource clock) {
    AuthRoutes routes = new AuthRoutes(Router.router(vertx), parts);
    routes.addGuards();
    routes.addPage();
    routes.addAccounts();
    routes.addPresence();
    routes.addBroadcasting();
    new Failures(routes.router, clock).handleAll();
    return routes.router;
  }

  /** What a call does for whoever is signed in. */
  private interface UserCall {
    Future<Void> answer(RoutingContext context, User user);
  }

  private void addGuards() {
    router.route().handler(parts.headers());
    router.route().handler(parts.csrf()::issue);
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX));
  }

  private void addPage() {
    get("/").handler(parts.files()::page);
    get("/assets/*").handler(parts.files()::asset);
    get("/avatars/:hue/:file").handler(AuthRoutes::avatar);
    call(get("/settings.json"), parts.settings()::answer);
  }

  private void addAccounts() {
    call(router.post("/login"), guarded(parts.accounts()::login));
    call(router.post("/logout"), guarded(parts.accounts()::logout));
    api(get("/api/me"), parts.accounts()::me);
    api(get("/api/teams"), parts.teams()::list);
  }

  private void addPresence() {
    api(get("/api/teams/:team/online"), parts.teams()::online);
    api(get("/api/teams/:team/members"), parts.teams()::members);
    api(get("/api/presence/status"), parts.statuses()::own);
    choosing(router.post("/api/presence/status"), parts.statuses()::status);
    choosing(router.post("/api/presence/dnd"), parts.statuses()::dnd);
    changing(router.post("/api/presence/location"), parts.statuses()::location);
    changing(router.delete("/api/presence/location"), parts.statuses()::clearLocation);
    api(get("/api/presence/schedule"), parts.schedule()::list);
    changing(router.post("/api/presence/schedule"), parts.schedule()::add);
    changing(router.delete("/api/presence/schedule/:entry"), parts.schedule()::cancel);
    changing(router.post("/api/presence/schedule/:entry/cancel"), parts.schedule()::cancel);
    changing(router.post("/api/notifications"), parts.notifications()::send);
  }

  private void addBroadcasting() {
    Supplier<Refusal> nobody = () -> Refusal.forbidden("Nobody is signed in.");
    call(router.post(Broadcasting.AUTH), known(nobody, background(parts.broadcasting()::auth)));
    call(
        router.post(Broadcasting.USER_AUTH),
        known(nobody, background(parts.broadcasting()::userAuth)));
  }

  private Route get(String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  /** A call that reads, which 401 answers if nobody is signed in. */
  private void api(Route route, UserCall call) {
    call(route, known(AuthRoutes::unauthenticated, background(call)));
  }

  /** A call that changes something, which 401 answers if nobody is signed in. */
  private void changing(Route route, UserCall call) {
    call(route, known(AuthRoutes::unauthenticated, checked(active(call))));
  }

  /** Such a call that says how the user or a device is: the server knows which device it wakes. */
  private void choosing(Route route, UserCall call) {
    call(route, known(AuthRoutes::unauthenticated, checked(background(call))));
  }

  private static Refusal unauthenticated() {
    return Refusal.unauthenticated("Unauthenticated.");
  }

  private UserCall checked(UserCall call) {
    return (context, user) -> {
      parts.csrf().check(context);
      return call.answer(context, user);
    };
  }

  /** A call that a user makes. */
  private UserCall active(UserCall call) {
    return (context, user) -> {
      parts.activity().of(user);
      return call.answer(context, user);
    };
  }

  /** A call that a page makes also by itself. */
  private UserCall background(UserCall call) {
    return (context, user) -> {
      parts.activity().inBackground(user);
      return call.answer(context, user);
    };
  }

  private Function<RoutingContext, Future<Void>> guarded(
      Function<RoutingContext, Future<Void>> call) {
    return context -> {
      parts.csrf().check(context);
      return call.apply(context);
    };
  }

  private Function<RoutingContext, Future<Void>> known(Supplier<Refusal> nobody, UserCall call) {
    return context ->
        parts
            .identity()
            .of(context)
            .compose(user -> call.answer(context, user.orElseThrow(nobody)));
  }

  /** What is thrown, and what a future fails with, are answered alike. */
  private static void call(Route route, Function<RoutingContext, Future<Void>> call) {
    route.handler(
        context ->
            Future.succeededFuture(context)
                .compose(call)
                .onFailure(failure -> fail(context, failure)));
  }

  private static void fail(RoutingContext context, Throwable failure) {
    // Who is gone needs no answer, and it is no failure of ours.
    if (!context.response().closed()) {
      context.fail(failure);
    }
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
