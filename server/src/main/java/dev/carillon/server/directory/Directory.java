package dev.carillon.server.directory;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What is known of channels, over all nodes. Each question is one read, however many channels it is
 * about.
 *
 * <p>Thread-safe.
 */
public interface Directory {
  /**
   * What is asked of a channel besides its subscriptions.
   *
   * @param users whether it is asked how many users are in
   * @param event whether it is asked which event is kept
   */
  record Question(Topic topic, boolean users, boolean event) {}

  /**
   * What is known of a channel.
   *
   * @param subscriptions how many connections are subscribed
   * @param users how many users are in; 0 if that was not asked
   * @param last the event that is kept; none if that was not asked
   */
  record Facts(int subscriptions, int users, ChannelCache.Last last) {}

  /** Answers in the order of the questions, which are about one app. */
  CompletionStage<List<Facts>> of(List<Question> questions);

  /**
   * The app's channels that have subscribers and whose name starts so, in the order of their names.
   *
   * @param users whether it is asked how many users are in
   */
  CompletionStage<Map<ChannelName, Facts>> channels(String appId, String prefix, boolean users);
}
