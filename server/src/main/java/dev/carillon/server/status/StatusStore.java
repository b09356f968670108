package dev.carillon.server.status;

import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records of users, and watches when something of them is due. A change and what it
 * publishes are one step: whoever is told of the change finds it in the record, and of two changes
 * the second one begins with what the first has left. Users are named by {@link Topic#ofStatus}.
 *
 * <p>Thread-safe.
 */
public interface StatusStore {
  /** What is published with a change. */
  record Publication(Topic topic, Envelope envelope) {}

  /**
   * What a change comes to.
   *
   * @param after kept from now on; {@code null} if nothing is kept any more
   * @param due when the record is to be looked at again; {@code null} if by itself it stays so
   * @param publications in their order
   * @param update what others are told by that; {@code null} if nothing
   */
  record Changed(
      @Nullable UserRecord after,
      @Nullable Instant due,
      List<Publication> publications,
      @Nullable StatusUpdate update) {
    /** Defensive copy. */
    public Changed {
      publications = List.copyOf(publications);
    }
  }

  /** A change of one user's record: a pure function, which may be called several times. */
  @FunctionalInterface
  interface Change {
    /**
     * Says what is to be kept.
     *
     * @param before {@code null} if nothing is kept of the user
     * @throws dev.carillon.protocol.ProtocolException if it cannot be made; nothing is changed then
     */
    Changed of(@Nullable UserRecord before, At at);
  }

  /**
   * When a change is made, and by which node.
   *
   * @param now the time of those who keep the records
   * @param happened when the change was called for: long ago, if they were out of reach meanwhile
   * @param node whose connections the change may add or take out: this one's, as it is called now
   */
  record At(Instant now, Instant happened, String node) {}

  /** Knows the rules of the app that a user belongs to. Thread-safe; must not block. */
  interface Listener {
    /** Something of a user's record is due: what happens then; none if the app is not known. */
    Optional<Change> due(Topic user);

    /** A node is dead: what happens to a user who was on it. */
    Optional<Change> died(Topic user, String deadNode);

    /**
     * This node is called otherwise than before, or the record was lost: its devices again.
     *
     * @param known as this node has last seen it
     * @param latest whether that is later than what is kept
     * @param lives all that this node is and was called
     */
    Optional<Change> back(Topic user, UserRecord known, boolean latest, Set<String> lives);

    /** A change that others are told was made by this node, and is about to be seen. */
    void updated(Topic user, Changed changed);
  }

  /**
   * Makes a change. Those of one user that this node makes are made in the order of the calls.
   *
   * @param lasting whether it is about this node's own connections, and so is made however long the
   *     store is out of reach; else it fails then with an {@link
   *     dev.carillon.server.broker.UnavailableException}
   * @return completes when it is made, with what is kept now
   */
  CompletionStage<Optional<UserRecord>> change(Topic user, Change change, boolean lasting);

  /** What is kept of those users, in their order, and the time: one read, whatever the number. */
  CompletionStage<Read> read(List<Topic> users);

  /**
   * What was read.
   *
   * @param now the time of those who keep the records
   */
  record Read(List<Optional<UserRecord>> records, Instant now) {
    /** Defensive copy. */
    public Read {
      records = List.copyOf(records);
    }
  }
}
