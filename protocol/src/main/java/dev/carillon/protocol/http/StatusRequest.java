package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.status.Given;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.StatusChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a user shall be seen: the body of {@code POST /apps/<id>/users/<user>/status}.
 *
 * <pre>
 * {@code {"status":"busy","custom_message":"In a call","duration":1800,"channels":["presence-team.1"]}}
 * </pre>
 *
 * @param deviceId of which device alone it is said; {@code null} if it is of the user
 * @param channels who is told, beside the user and the user's presence channels; {@code null}: as
 *     before
 * @param name of the user; {@code null}: as before
 * @param avatar of the user; {@code null}: as before
 * @param location {@code null}: as before
 * @param socketId the connection that is not told
 */
public record StatusRequest(
    StatusChoice choice,
    @Nullable String deviceId,
    @Nullable List<ChannelName> channels,
    @Nullable Given<String> name,
    @Nullable Given<String> avatar,
    @Nullable Given<Location> location,
    @Nullable SocketId socketId) {
  /** How many channels may be told. */
  public static final int MAX_CHANNELS = 100;

  /** How many characters a name may have. */
  public static final int MAX_NAME = 255;

  /** How many characters the address of an avatar may have. */
  public static final int MAX_AVATAR = 2_000;

  /** How many characters the label of a location may have. */
  public static final int MAX_LABEL = 100;

  /** Defensive copy. */
  public StatusRequest {
    channels = channels == null ? null : List.copyOf(channels);
  }

  /** The profile as it is afterwards. */
  public Profile profile(Profile before) {
    return new Profile(
        name == null ? before.name() : name.value(),
        avatar == null ? before.avatar() : avatar.value());
  }

  /**
   * What an app allows in it.
   *
   * @param location whether users may say where they are
   * @param relaxedChannelNames whether channel names may have any printable character
   */
  public record Rules(boolean location, boolean relaxedChannelNames) {
    ChannelName channel(String field, String name) {
      return ChannelName.of(field, name, relaxedChannelNames);
    }
  }

  /**
   * Reads the body.
   *
   * @throws ProtocolException if it is not of that form
   */
  public static StatusRequest parse(byte[] body, Rules rules) {
    return new StatusReader(rules).read(body);
  }
}
