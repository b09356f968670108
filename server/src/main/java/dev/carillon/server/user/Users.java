package dev.carillon.server.user;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Topic;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Which users are online: those with a connection that is signed in. A change and its publication
 * are one step: a user's first connection publishes {@code online} to the topic of the user's
 * status. The last to go publishes {@code offline}, but only after a grace in which the user did
 * not come back, so that the reload of a page is no news.
 *
 * <p>A user's changes have growing sequence numbers, also if nothing was kept of the user in
 * between. Topics are those of {@link Topic#ofStatus}.
 *
 * <p>Thread-safe.
 */
public interface Users {
  /**
   * Whether a user is online.
   *
   * @param sequence at least that of the user's last change, and less than that of the next
   */
  record Status(boolean online, long sequence) {}

  /** Adds a connection of a user; one that is in already changes nothing. */
  CompletionStage<Void> signedIn(Topic user, SocketId socket);

  /** Takes a connection of a user out. */
  void signedOut(Topic user, SocketId socket);

  /** Whether those users are online, in their order; of one who was never seen too. */
  CompletionStage<List<Status>> statuses(List<Topic> users);
}
