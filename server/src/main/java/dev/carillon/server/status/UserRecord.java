package dev.carillon.server.status;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.ScheduleEntry;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a user.
 *
 * @param choice {@code null} for {@code auto} without a message
 * @param schedule entries that are not over, by id
 * @param lastEntry the id of the last entry that was made
 * @param audience channels that are told, beside the user's own and the presence channels
 * @param devices connections, and for a time those that have closed
 * @param lastActive when something was last done; {@code null} if never
 * @param absentSince when the last device went; {@code null} while there is one, and if there never
 *     was one
 * @param pending what is to be told soon; {@code null} if nothing is
 */
public record UserRecord(
    Profile profile,
    @Nullable Choice choice,
    List<ScheduleEntry> schedule,
    long lastEntry,
    @Nullable Location location,
    List<ChannelName> audience,
    List<Device> devices,
    @Nullable Instant lastActive,
    @Nullable Instant absentSince,
    Shown shown,
    @Nullable Pending pending) {
  /** Defensive copies. */
  public UserRecord {
    schedule = List.copyOf(schedule);
    audience = List.copyOf(audience);
    devices = List.copyOf(devices);
  }

  /** Of a user who was never seen. */
  static UserRecord fresh(Instant now) {
    return new UserRecord(
        Profile.UNKNOWN,
        null,
        List.of(),
        0,
        null,
        List.of(),
        List.of(),
        null,
        null,
        Shown.nothing(now),
        null);
  }

  /** Whether the user has a device now. */
  boolean present() {
    return devices.stream().anyMatch(Device::present);
  }

  /** The presence channels that the user is in. */
  public Set<ChannelName> presenceChannels() {
    Set<ChannelName> channels = new LinkedHashSet<>();
    for (Device device : devices) {
      device.channels().forEach(name -> channels.add(ChannelName.ofValue(name)));
    }
    return channels;
  }

  UserRecord withProfile(Profile other) {
    return with(copy -> copy.profile = other);
  }

  UserRecord withChoice(@Nullable Choice other) {
    return with(copy -> copy.choice = other);
  }

  UserRecord withSchedule(List<ScheduleEntry> other, long last) {
    return with(
        copy -> {
          copy.schedule = other;
          copy.lastEntry = last;
        });
  }

  UserRecord withLocation(@Nullable Location other) {
    return with(copy -> copy.location = other);
  }

  UserRecord withAudience(List<ChannelName> other) {
    return with(copy -> copy.audience = other);
  }

  /**
   * Those devices; the absence begins or ends by that. It begins when the last of them went, of
   * which others may have been told before.
   */
  UserRecord withDevices(List<Device> other, Instant now) {
    boolean there = other.stream().anyMatch(Device::present);
    Instant absent = present() ? lastGone(other).orElse(now) : absentSince;
    return with(
        copy -> {
          copy.devices = other;
          copy.absentSince = there ? null : absent;
        });
  }

  private static Optional<Instant> lastGone(List<Device> devices) {
    return devices.stream()
        .flatMap(device -> Stream.ofNullable(device.goneAt()))
        .max(Instant::compareTo);
  }

  UserRecord activeAt(Instant now) {
    return with(
        copy -> copy.lastActive = lastActive == null || now.isAfter(lastActive) ? now : lastActive);
  }

  UserRecord told(Shown other) {
    return with(
        copy -> {
          copy.shown = other;
          copy.pending = null;
        });
  }

  UserRecord withPending(@Nullable Pending other) {
    return with(copy -> copy.pending = other);
  }

  private UserRecord with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.made();
  }

  /** A record while it is made of another. Confined to one thread. */
  private static final class Copy {
    private Profile profile;
    private @Nullable Choice choice;
    private List<ScheduleEntry> schedule;
    private long lastEntry;
    private @Nullable Location location;
    private List<ChannelName> audience;
    private List<Device> devices;
    private @Nullable Instant lastActive;
    private @Nullable Instant absentSince;
    private Shown shown;
    private @Nullable Pending pending;

    Copy(UserRecord from) {
      profile = from.profile;
      choice = from.choice;
      schedule = from.schedule;
      lastEntry = from.lastEntry;
      location = from.location;
      audience = from.audience;
      devices = from.devices;
      lastActive = from.lastActive;
      absentSince = from.absentSince;
      shown = from.shown;
      pending = from.pending;
    }

    UserRecord made() {
      return new UserRecord(
          profile,
          choice,
          schedule,
          lastEntry,
          location,
          audience,
          devices,
          lastActive,
          absentSince,
          shown,
          pending);
    }
  }
}
