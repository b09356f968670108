package dev.carillon.server.config;

/**
 * Whether and how an app's users have a status.
 *
 * <p>Immutable.
 *
 * @param fromClients whether clients may set their user's status over their connection
 * @param location whether users may say where they are
 * @param inRosters whether the members of presence channels carry their status
 * @param userChannel the user's own channel; {@code {id}} stands for the user's id
 */
public record StatusConfig(
    boolean enabled, boolean fromClients, boolean location, boolean inRosters, String userChannel) {
  /** As documented: on, over the channel that Laravel gives each user. */
  public static StatusConfig defaults() {
    return new StatusConfig(true, true, false, false, "private-App.Models.User.{id}");
  }

  /** Users have no status. */
  public static StatusConfig off() {
    return new StatusConfig(false, false, false, false, "private-App.Models.User.{id}");
  }

  /** A builder that starts with these values. */
  Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link StatusConfig}. Confined to one thread. */
  static final class Builder {
    private boolean enabled;
    private boolean fromClients;
    private boolean location;
    private boolean inRosters;
    private String userChannel;

    private Builder(StatusConfig from) {
      this.enabled = from.enabled;
      this.fromClients = from.fromClients;
      this.location = from.location;
      this.inRosters = from.inRosters;
      this.userChannel = from.userChannel;
    }

    void enabled(boolean value) {
      this.enabled = value;
    }

    void fromClients(boolean value) {
      this.fromClients = value;
    }

    void location(boolean value) {
      this.location = value;
    }

    void inRosters(boolean value) {
      this.inRosters = value;
    }

    void userChannel(String value) {
      this.userChannel = value;
    }

    StatusConfig build() {
      return new StatusConfig(enabled, fromClients, location, inRosters, userChannel);
    }
  }
}
