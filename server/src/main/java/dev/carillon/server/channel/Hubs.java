package dev.carillon.server.channel;

import dev.carillon.server.app.App;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.occupancy.CountListener;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.status.UserRecord;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The hubs of all apps: what arrives from the broker, or is due of a user, goes to the app.
 *
 * <p>Thread-safe.
 */
public final class Hubs implements Broker.Listener, CountListener, StatusStore.Listener {
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
  public void onGap(Collection<Topic> topics) {
    topics.stream()
        .collect(Collectors.groupingBy(Topic::appId))
        .forEach(
            (appId, ofApp) -> {
              Hub hub = byAppId.get(appId);
              if (hub != null) {
                hub.resync(ofApp);
              }
            });
  }

  @Override
  public void recounted(Topic topic) {
    Hub hub = byAppId.get(topic.appId());
    if (hub != null) {
      hub.recounted(topic);
    }
  }

  @Override
  public Optional<StatusStore.Change> due(Topic user) {
    return statuses(user).map(statuses -> statuses.due(user));
  }

  @Override
  public Optional<StatusStore.Change> died(Topic user, String deadNode) {
    return statuses(user).map(statuses -> statuses.died(user, deadNode));
  }

  @Override
  public Optional<StatusStore.Change> back(
      Topic user, UserRecord known, boolean latest, Set<String> lives) {
    return statuses(user).map(statuses -> statuses.back(user, known, latest, lives));
  }

  @Override
  public void updated(Topic user, StatusStore.Changed changed) {
    Hub hub = byAppId.get(user.appId());
    if (hub != null) {
      hub.statusUpdated(changed);
    }
  }

  private Optional<Statuses> statuses(Topic user) {
    return Optional.ofNullable(byAppId.get(user.appId())).map(Hub::statuses);
  }
}
