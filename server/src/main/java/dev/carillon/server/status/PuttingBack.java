package dev.carillon.server.status;

import dev.carillon.protocol.channel.SocketId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node puts what it knows of a user into a record that may lack it: its devices under its present
 * id and, if the record was lost or fell back, all else. Devices of other nodes that were lost are
 * taken for gone: they are shown for a while, until their nodes have put them back, or have not.
 *
 * <p>Immutable.
 *
 * @param known as the node has last seen it
 * @param latest whether that is later than what is kept
 * @param lives all that the node is and was called
 * @param node as it is called now
 */
record PuttingBack(UserRecord known, boolean latest, Set<String> lives, String node, Instant now) {
  /**
   * More than the changes that were told before the store was lost, and whose answers were lost
   * with it: no node knows them, and versions must not fall.
   */
  private static final int VERSIONS_UNKNOWN = 1000;

  UserRecord into(@Nullable UserRecord kept) {
    boolean lost = kept == null || latest || kept.shown().version() < known.shown().version();
    UserRecord base = kept == null || lost ? aboveAllTold(kept) : kept;
    if (kept != null && lost && !latest) {
      base = with(base, kept);
    }
    UserRecord back = base.withDevices(devices(kept, lost), now);
    for (UserRecord seen : kept == null ? List.of(known) : List.of(known, kept)) {
      if (seen.lastActive() != null) {
        back = back.activeAt(seen.lastActive());
      }
    }
    return back;
  }

  private UserRecord aboveAllTold(@Nullable UserRecord kept) {
    long version = known.shown().version() + VERSIONS_UNKNOWN;
    Shown shown =
        known.shown().at(kept == null ? version : Math.max(version, kept.shown().version()));
    return known.told(shown).withPending(known.pending());
  }

  /** What was said of a user whose record had been lost, until it was put back. */
  private static UserRecord with(UserRecord lost, UserRecord since) {
    UserRecord both = lost.withProfile(lost.profile().with(since.profile()));
    if (since.choice() != null) {
      both = both.withChoice(since.choice());
    }
    if (since.location() != null) {
      both = both.withLocation(since.location());
    }
    if (!since.audience().isEmpty()) {
      both = both.withAudience(since.audience());
    }
    return both.schedule().isEmpty()
        ? both.withSchedule(since.schedule(), Math.max(lost.lastEntry(), since.lastEntry()))
        : both;
  }

  private List<Device> devices(@Nullable UserRecord kept, boolean lost) {
    Map<SocketId, Device> devices = new LinkedHashMap<>();
    List<Device> present = kept == null ? List.of() : kept.devices();
    present.forEach(device -> devices.put(device.socket(), device));
    if (lost) {
      known.devices().forEach(device -> devices.putIfAbsent(device.socket(), gone(device)));
    }
    // What is under this node's name, but not known to it, has ended meanwhile.
    devices.replaceAll((socket, device) -> isMine(device) ? device.gone(end(device)) : device);
    for (Device device : known.devices()) {
      if (isMine(device)) {
        devices.put(device.socket(), mine(device, devices.get(device.socket())));
      }
    }
    return new ArrayList<>(devices.values());
  }

  private boolean isMine(Device device) {
    return device.connected() && lives.contains(device.node());
  }

  /** When a connection of this node has ended, as far as the node knows that. */
  private Instant end(Device device) {
    return known.devices().stream()
        .filter(each -> each.socket().equals(device.socket()))
        .flatMap(each -> Stream.ofNullable(each.goneAt()))
        .findFirst()
        .orElse(known.absentSince() == null ? now : known.absentSince());
  }

  private Device gone(Device device) {
    return device.connected() ? device.gone(now) : device;
  }

  /** With what was said of it meanwhile. */
  private Device mine(Device device, @Nullable Device kept) {
    boolean later = kept != null && !latest && !kept.lastActive().isBefore(device.lastActive());
    return later && kept != null
        ? new Device(
            node,
            device.socket(),
            device.kind(),
            device.id(),
            device.channels(),
            kept.lastActive(),
            kept.away(),
            kept.dismissed(),
            kept.dismissed() ? kept.goneAt() : null,
            kept.quietUntil())
        : device.on(node);
  }
}
