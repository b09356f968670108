package dev.carillon.server.support;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a broker delivers: all that was published, by whomever. */
public final class Published implements Broker.Listener {
  private static final long AT_MOST_SECONDS = 10;
  private static final String MARK = "mark ";

  /** What was published, to which topic. */
  public record One(Topic topic, Envelope envelope) {
    public String text() {
      return new String(envelope.message(), StandardCharsets.UTF_8);
    }
  }

  private final List<One> all = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> marks = new LinkedBlockingQueue<>();
  private final String mine = MARK + UUID.randomUUID() + " ";
  private Broker broker;
  private List<Topic> topics = List.of();
  private int lastMark;

  /** Begins with those topics of that broker, whose listener this is. */
  public void watch(Broker delivering, Topic... watched) throws Exception {
    broker = delivering;
    topics = List.of(watched);
    for (Topic topic : topics) {
      broker.subscribe(topic).toCompletableFuture().get(AT_MOST_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void onMessage(Topic topic, Envelope envelope) {
    One one = new One(topic, envelope);
    if (one.text().startsWith(mine)) {
      marks.add(one.text());
    } else if (!one.text().startsWith(MARK)) {
      all.add(one);
    }
  }

  @Override
  public void onGap(Collection<Topic> topics) {}

  /** What has come by now. */
  public List<One> soFar() {
    return all;
  }

  /**
   * All that was published before this was called: a topic's envelopes come in their order, so one
   * more tells that those before have come.
   */
  public List<One> all() throws Exception {
    for (Topic topic : topics) {
      lastMark++;
      broker.publish(topic, Envelope.of((mine + lastMark).getBytes(StandardCharsets.UTF_8), null));
      String mark = marks.poll(AT_MOST_SECONDS, TimeUnit.SECONDS);
      if (!(mine + lastMark).equals(mark)) {
        throw new AssertionError("awaited " + mine + lastMark + ", but " + mark + " came");
      }
    }
    return List.copyOf(all);
  }

  /** As {@link #all}, without the topics. */
  public List<Envelope> envelopes() throws Exception {
    return all().stream().map(One::envelope).toList();
  }

  /** As {@link #all}, the texts alone. */
  public List<String> texts() throws Exception {
    return all().stream().map(One::text).toList();
  }
}
