package dev.carillon.server.redis;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * The subscriptions of a node: each at the master of its slot, over one link to each master. When a
 * slot gets another master its channels move there, and a link whose server is a master no more is
 * closed, also if it still answers: a replica would confirm subscriptions, but nothing is published
 * there.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class Subscriptions implements AutoCloseable {
  /** A link, and whom it tells. */
  private record Link(SubscriberLink link, SubscriberLink.Listener listener) {}

  private final RedisClients clients;
  private final PubSub pubSub;
  private final Function<SubscriberLink.@Nullable Listener, SubscriberLink.Listener> listeners;

  /** Guarded by this. */
  private final Set<String> wanted = new HashSet<>();

  /** By master. Guarded by this. */
  private final Map<HostAndPort, Link> links = new HashMap<>();

  /** Where the channels are. Guarded by this. */
  private SlotMap slots = SlotMap.UNKNOWN;

  private boolean closed;

  /**
   * None yet.
   *
   * @param listeners makes one for each master; is given that of the master whose place it takes
   */
  Subscriptions(
      RedisClients clients,
      PubSub pubSub,
      Function<SubscriberLink.@Nullable Listener, SubscriberLink.Listener> listeners) {
    this.clients = clients;
    this.pubSub = pubSub;
    this.listeners = listeners;
  }

  /** Before that of the topology. */
  void start() {
    clients.topology().listen(this::move);
  }

  /** Whether all that is wanted comes. */
  synchronized boolean connected() {
    return slots.complete() && links.values().stream().allMatch(each -> each.link.connected());
  }

  /** Waits if nobody is known to have the channel's slot. */
  synchronized void subscribe(String channel) {
    wanted.add(channel);
    SubscriberLink link = linkOf(channel, slots);
    if (link != null) {
      link.subscribe(channel);
    }
  }

  synchronized void unsubscribe(String channel) {
    wanted.remove(channel);
    SubscriberLink link = linkOf(channel, slots);
    if (link != null) {
      link.unsubscribe(channel);
    }
  }

  /**
   * Takes back what was not asked for at any server yet.
   *
   * @return whether nothing of it is left; else it has to be waited for
   */
  synchronized boolean cancel(String channel) {
    SubscriberLink link = linkOf(channel, slots);
    boolean cancelled = link == null || link.cancel(channel);
    if (cancelled) {
      wanted.remove(channel);
    }
    return cancelled;
  }

  private @Nullable SubscriberLink linkOf(String channel, SlotMap by) {
    HostAndPort master = by.masterOf(SlotMap.slotOf(channel));
    Link found = master == null ? null : links.get(master);
    return found == null ? null : found.link;
  }

  private synchronized void move(SlotMap before, SlotMap now) {
    if (closed) {
      return;
    }
    now.masters().stream()
        .filter(master -> !links.containsKey(master))
        .forEach(master -> open(master, now.predecessor(master, before)));
    for (String channel : wanted) {
      SubscriberLink from = linkOf(channel, before);
      SubscriberLink to = linkOf(channel, now);
      if (from != to) {
        move(channel, from, to);
      }
    }
    links
        .entrySet()
        .removeIf(
            each -> {
              boolean gone = !now.masters().contains(each.getKey());
              if (gone) {
                each.getValue().link.close();
              }
              return gone;
            });
    slots = now;
  }

  private static void move(
      String channel, @Nullable SubscriberLink from, @Nullable SubscriberLink to) {
    if (to != null && from != null) {
      to.moveHere(channel);
    } else if (to != null) {
      to.subscribe(channel);
    }
    if (from != null) {
      from.unsubscribe(channel);
    }
  }

  private void open(HostAndPort master, @Nullable HostAndPort predecessor) {
    Link before = predecessor == null ? null : links.get(predecessor);
    SubscriberLink.Listener listener = listeners.apply(before == null ? null : before.listener);
    SubscriberLink link = new SubscriberLink(master, clients, pubSub, listener);
    links.put(master, new Link(link, listener));
    link.start();
  }

  @Override
  public synchronized void close() {
    closed = true;
    links.values().forEach(each -> each.link.close());
  }
}
