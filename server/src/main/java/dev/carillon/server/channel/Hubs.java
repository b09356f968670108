package dev.carillon.server.channel;

import dev.carillon.server.app.App;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hubs of all apps: what arrives from the broker goes to the topic's app.
 *
 * <p>Thread-safe.
 */
public final class Hubs implements Broker.Listener {
  private final Map<String, Hub> byAppId = new ConcurrentHashMap<>();

  /** Adds an app's hub; before anybody connects. */
  public void add(Hub hub) {
    byAppId.put(hub.app().id(), hub);
  }

  /** The hub of an app that was added. */
  public Hub of(App app) {
    Hub hub = byAppId.get(app.id());
    if (hub == null) {
      throw new IllegalStateException("no hub for app " + app.id());
    }
    return hub;
  }

  public Collection<Hub> all() {
    return byAppId.values();
  }

  @Override
  public void onMessage(Topic topic, Envelope envelope) {
    Hub hub = byAppId.get(topic.appId());
    if (hub != null) {
      hub.deliver(topic, envelope);
    }
  }

  @Override
  public void onGap(Topic topic) {
    Hub hub = byAppId.get(topic.appId());
    if (hub != null) {
      hub.resync(topic);
    }
  }
}
