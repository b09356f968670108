package dev.carillon.protocol.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.json.Field;
import dev.carillon.protocol.status.ChoiceReader;
import dev.carillon.protocol.status.Given;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusChoice;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link StatusRequest}.
 *
 * <p>Confined to one thread.
 */
final class StatusReader {
  private static final String CHANNELS =
      "an array of at most " + StatusRequest.MAX_CHANNELS + " channel names";

  private final StatusRequest.Rules rules;
  private final ChoiceReader choice = new ChoiceReader();
  private @Nullable String deviceId;
  private @Nullable List<ChannelName> channels;
  private @Nullable Given<String> name;
  private @Nullable Given<String> avatar;
  private @Nullable Given<Location> location;
  private @Nullable SocketId socketId;

  StatusReader(StatusRequest.Rules rules) {
    this.rules = rules;
  }

  StatusRequest read(byte[] body) {
    Body.read(body, this::take);
    StatusChoice made = choice.choice();
    if (deviceId != null) {
      checkDevice(made);
    }
    return new StatusRequest(made, deviceId, channels, name, avatar, location, socketId);
  }

  private void take(Field field) throws IOException {
    switch (field.name()) {
      case "device_id" -> deviceId = deviceId(field);
      case "channels" -> channels = field.isNull() ? null : channels(field);
      case "profile" -> profile(field);
      case "location" -> location = new Given<>(field.isNull() ? null : location(field));
      case "socket_id" -> socketId = field.isNull() ? null : socketId(field);
      default -> choice.read(field);
    }
  }

  static @Nullable String deviceId(Field field) throws IOException {
    return field.isNull() ? null : field.text(1, UserDetails.MAX_DEVICE_ID_LENGTH);
  }

  private static SocketId socketId(Field field) throws IOException {
    return new SocketId(field.string("<digits>.<digits>"));
  }

  private List<ChannelName> channels(Field field) throws IOException {
    field.expect(JsonToken.START_ARRAY, CHANNELS);
    JsonParser parser = field.parser();
    Set<ChannelName> names = new LinkedHashSet<>();
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      names.add(channel(new Field("channels[" + count + "]", parser)));
      count++;
    }
    if (count > StatusRequest.MAX_CHANNELS) {
      throw Field.invalid("channels", count + " of them", CHANNELS);
    }
    return List.copyOf(names);
  }

  private ChannelName channel(Field field) throws IOException {
    String text = field.string("the name of a channel");
    ChannelName channel = rules.channel(field.name(), text);
    if (channel.type() == ChannelType.ENCRYPTED) {
      throw Field.invalid(
          field.name(),
          Field.quoted(text),
          "a channel that is not encrypted: the server has no key to encrypt with");
    }
    return channel;
  }

  private void profile(Field field) throws IOException {
    if (field.isNull()) {
      return;
    }
    Body.object(
        field,
        part -> {
          switch (part.name()) {
            case "profile.name" -> name = given(part, StatusRequest.MAX_NAME);
            case "profile.avatar" -> avatar = given(part, StatusRequest.MAX_AVATAR);
            default -> {
              // is the app's own
            }
          }
        });
  }

  private static Given<String> given(Field field, int max) throws IOException {
    return new Given<>(field.textOrNone(max));
  }

  private Location location(Field field) throws IOException {
    if (!rules.location()) {
      throw Field.invalid(
          "location", "one", "none, since the app's configuration has status.location off");
    }
    return new LocationReader().read(field);
  }

  /** Of a device there is less to say. */
  private static void checkDevice(StatusChoice made) {
    Status status = made.status();
    if (status != Status.ONLINE && status != Status.AWAY && status != Status.OFFLINE) {
      throw Field.invalid(
          "status",
          Field.quoted(StatusChoice.text(status)),
          "one of online, away, offline together with device_id");
    }
    refuseBesideDevice("custom_message", made.customMessage());
    refuseBesideDevice("expires_at", made.expiresAt());
    refuseBesideDevice("duration", made.duration());
  }

  private static void refuseBesideDevice(String field, @Nullable Object got) {
    if (got != null) {
      throw ProtocolException.invalid(
          "Invalid " + field + ": got one together with device_id, allowed is one of the two");
    }
  }
}
