package dev.carillon.server.api;

import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.http.Info;
import dev.carillon.server.app.App;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.status.StatusCalls;
import java.util.List;
import java.util.Set;

/**
 * A request that was verified, and the app it is for.
 *
 * @param names what the path names below the endpoint, decoded: a channel, a user, an entry
 */
record ApiCall(Hub hub, ApiRequest request, List<String> names) {
  App app() {
    return hub.app();
  }

  /** What the path names first. */
  String subject() {
    return name(0);
  }

  String name(int place) {
    return names.get(place);
  }

  /** The user whom the path names. */
  UserId user() {
    return new UserId(subject(), false);
  }

  StatusCalls statuses() {
    return new StatusCalls(hub.statuses());
  }

  Set<Info> info() {
    return Info.parse(request.parameter("info"));
  }
}
