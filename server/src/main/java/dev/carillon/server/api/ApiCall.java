package dev.carillon.server.api;

import dev.carillon.protocol.http.Info;
import dev.carillon.server.app.App;
import dev.carillon.server.channel.Hub;
import java.util.Set;

/**
 * A request that was verified, and the app it is for.
 *
 * @param subject what the path names below the endpoint, decoded: a channel; empty where it names
 *     nothing
 */
record ApiCall(Hub hub, ApiRequest request, String subject) {
  App app() {
    return hub.app();
  }

  Set<Info> info() {
    return Info.parse(request.parameter("info"));
  }
}
