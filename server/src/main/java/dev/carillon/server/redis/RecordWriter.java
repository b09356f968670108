package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.server.status.Choice;
import dev.carillon.server.status.Device;
import dev.carillon.server.status.Pending;
import dev.carillon.server.status.Shown;
import dev.carillon.server.status.UserRecord;
import dev.carillon.server.status.View;
import java.util.Locale;
import java.util.Map;

/**
 * A user's record as JSON. What is at its default is left out; times are seconds since 1970. Fields
 * of a later version are ignored as long as that writes the same {@code v}: so nodes of two
 * versions may serve side by side.
 */
final class RecordWriter {
  /** Of what only this version can read. */
  static final int VERSION = 1;

  private RecordWriter() {}

  static byte[] encode(UserRecord user) {
    return JsonFields.object(user, RecordWriter::user);
  }

  private static void user(JsonFields json, UserRecord user) {
    json.number("v", VERSION)
        .text("name", user.profile().name())
        .text("avatar", user.profile().avatar())
        .object("choice", user.choice(), RecordWriter::choice)
        .objects("schedule", user.schedule(), RecordWriter::entry)
        .number("last_entry", user.lastEntry())
        .object("location", user.location(), RecordWriter::location)
        .texts("audience", user.audience().stream().map(ChannelName::value).toList())
        .objects("devices", user.devices(), RecordWriter::device)
        .time("active", user.lastActive())
        .time("absent", user.absentSince())
        .object("shown", user.shown(), RecordWriter::shown)
        .object("pending", user.pending(), RecordWriter::pending);
  }

  private static void choice(JsonFields json, Choice choice) {
    json.text("status", choice.status() == null ? null : name(choice.status()))
        .text("message", choice.message())
        .time("expires", choice.expiresAt())
        .time("made", choice.madeAt());
  }

  private static void entry(JsonFields json, ScheduleEntry entry) {
    json.number("id", entry.id())
        .text("status", name(entry.status()))
        .text("message", entry.customMessage())
        .time("starts", entry.startsAt())
        .time("ends", entry.endsAt());
  }

  private static void location(JsonFields json, Location location) {
    json.text("label", location.label())
        .number("latitude", location.latitude())
        .number("longitude", location.longitude())
        .time("expires", location.expiresAt());
  }

  private static void device(JsonFields json, Device device) {
    json.text("node", device.node())
        .text("socket", device.socket().value())
        .text("kind", device.kind())
        .text("id", device.id())
        .texts("channels", device.channels())
        .time("active", device.lastActive())
        .flag("away", device.away())
        .flag("dismissed", device.dismissed())
        .time("gone", device.goneAt())
        .time("quiet", device.quietUntil());
  }

  private static void shown(JsonFields json, Shown shown) {
    json.object("others", shown.others(), RecordWriter::view)
        .object("own", shown.own().equals(shown.others()) ? null : shown.own(), RecordWriter::view)
        .text("source", name(shown.source()))
        .time("since", shown.since())
        .time("own_since", shown.ownSince())
        .time("active", shown.lastActive())
        .time("seen", shown.lastSeen())
        .number("version", shown.version());
  }

  private static void view(JsonFields json, View view) {
    json.text("status", name(view.status()))
        .text("message", view.message())
        .time("expires", view.expiresAt())
        .objects("devices", view.devices().entrySet(), RecordWriter::kind)
        .object("location", view.location(), RecordWriter::location);
  }

  private static void kind(JsonFields json, Map.Entry<String, DeviceState> kind) {
    json.text("kind", kind.getKey()).text("state", name(kind.getValue()));
  }

  private static void pending(JsonFields json, Pending pending) {
    json.time("at", pending.at()).text("cause", name(pending.cause()));
  }

  /** How a constant is written. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
