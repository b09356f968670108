package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.status.Choice;
import dev.carillon.server.status.Device;
import dev.carillon.server.status.Pending;
import dev.carillon.server.status.Shown;
import dev.carillon.server.status.UserRecord;
import dev.carillon.server.status.View;
import java.util.HashSet;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads users' records that {@link RecordWriter} wrote, of this version or a later one. */
final class RecordReader {
  private RecordReader() {}

  /**
   * Reads what {@link RecordWriter} wrote.
   *
   * @throws UnreadableRecordException if it did not, or it is of another version
   */
  static UserRecord decode(byte[] bytes, int from) {
    ParsedFields json = ParsedFields.of(bytes, from);
    if (json.number("v") != RecordWriter.VERSION) {
      throw new UnreadableRecordException(
          "A user's record: got version "
              + json.number("v")
              + ", expected "
              + RecordWriter.VERSION);
    }
    return new UserRecord(
        new Profile(json.text("name"), json.text("avatar")),
        json.object("choice", RecordReader::choice),
        json.objects("schedule", RecordReader::entry),
        json.number("last_entry"),
        json.object("location", RecordReader::location),
        json.texts("audience").stream().map(ChannelName::ofValue).toList(),
        json.objects("devices", RecordReader::device),
        json.time("active"),
        json.time("absent"),
        json.required("shown", json.object("shown", RecordReader::shown)),
        json.object("pending", RecordReader::pending));
  }

  private static Choice choice(ParsedFields json) {
    return new Choice(
        json.one("status", Status.class),
        json.text("message"),
        json.time("expires"),
        json.required("made", json.time("made")));
  }

  private static ScheduleEntry entry(ParsedFields json) {
    return new ScheduleEntry(
        json.number("id"),
        json.required("status", json.one("status", Status.class)),
        json.text("message"),
        json.required("starts", json.time("starts")),
        json.required("ends", json.time("ends")));
  }

  private static Location location(ParsedFields json) {
    return new Location(
        json.text("label"),
        json.decimal("latitude"),
        json.decimal("longitude"),
        json.required("expires", json.time("expires")));
  }

  private static Device device(ParsedFields json) {
    return new Device(
        json.required("node", json.text("node")),
        new SocketId(json.required("socket", json.text("socket"))),
        json.text("kind"),
        json.text("id"),
        new HashSet<>(json.texts("channels")),
        json.required("active", json.time("active")),
        json.flag("away"),
        json.flag("dismissed"),
        json.time("gone"),
        json.time("quiet"));
  }

  private static Shown shown(ParsedFields json) {
    View others = json.required("others", json.object("others", RecordReader::view));
    View own = json.object("own", RecordReader::view);
    return new Shown(
        others,
        own == null ? others : own,
        json.required("source", json.one("source", Shown.Source.class)),
        json.required("since", json.time("since")),
        json.required("own_since", json.time("own_since")),
        json.time("active"),
        json.time("seen"),
        json.number("version"));
  }

  private static View view(ParsedFields json) {
    SortedMap<String, DeviceState> kinds = new TreeMap<>();
    for (Map.Entry<String, DeviceState> kind : json.objects("devices", RecordReader::kind)) {
      kinds.put(kind.getKey(), kind.getValue());
    }
    return new View(
        json.required("status", json.one("status", Status.class)),
        json.text("message"),
        json.time("expires"),
        kinds,
        json.object("location", RecordReader::location));
  }

  private static Map.Entry<String, DeviceState> kind(ParsedFields json) {
    return Map.entry(
        json.required("kind", json.text("kind")),
        json.required("state", json.one("state", DeviceState.class)));
  }

  private static Pending pending(ParsedFields json) {
    return new Pending(
        json.required("at", json.time("at")),
        json.required("cause", json.one("cause", Cause.class)));
  }
}
