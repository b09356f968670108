package dev.carillon.server.redis;

import dev.carillon.server.broker.Topic;
import dev.carillon.server.status.StatusStore.Publication;
import dev.carillon.server.status.StatusStore.Read;
import dev.carillon.server.status.UserRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * What is sent to Redis for users' records: the scripts, their keys, and what they publish.
 *
 * <p>Thread-safe.
 */
final class StatusCommands {
  private static final Script APPLY = Script.load("apply.lua");
  private static final Script DUE = Script.load("due.lua");
  private static final Script RECORDS = Script.load("records.lua");

  private static final byte[] NOTHING = new byte[0];
  private static final String ANY_REVISION = "?";

  /** A record that nobody has looked at for so long after it was due is of nobody's app. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofDays(30);

  /** Microseconds that a double still has exactly; the year 2255. */
  private static final long LAST_MICROS = 9_000_000_000_000_000L;

  private static final long MICROS = 1_000_000;

  /** What has become of a change. */
  enum Outcome {
    /** Another record was there than the expected. */
    REFUSED,
    DONE,
    /** By the same operation, whose answer was lost. */
    DONE_BEFORE
  }

  /** What is there now; after {@link Outcome#DONE} what the change has made. */
  record Answer(Outcome outcome, Revised present) {}

  /**
   * A change.
   *
   * @param by the id of this node's life under which it was computed
   * @param basis of the record; 0 if that is the change itself
   * @param record {@code null} if none is to be kept
   * @param held whether this node has devices in it
   */
  record Write(
      long operation,
      Revised expected,
      String by,
      long basis,
      @Nullable UserRecord record,
      @Nullable Instant due,
      List<Publication> publications,
      boolean held) {}

  private final RedisNode node;
  private final RedisClock clock;

  StatusCommands(RedisNode node, RedisClock clock) {
    this.node = node;
    this.clock = clock;
  }

  /** Whether what is published goes by the broker, since a script may not touch other slots. */
  boolean publishesApart() {
    return node.clients().clustered();
  }

  /** Looks what is there. */
  CompletionStage<Answer> look(Topic user) {
    List<byte[]> arguments =
        NodeLease.arguments(ANY_REVISION, node.origin(), 0, 0, NOTHING, 0, NOTHING, NOTHING, "");
    return node.commands()
        .keep((pipeline, again) -> APPLY.on(pipeline, keys(user), arguments))
        .thenApply(answer -> answer((List<?>) answer, 0, null));
  }

  /**
   * Makes a change, unless the record is another than the expected.
   *
   * @return fails with a {@link LifeEndedException} if this node has another id now
   */
  CompletionStage<Answer> apply(Topic user, Write write, Instant now) {
    return node.commands()
        .keep(new Apply(user, write, now))
        .thenApply(answer -> answer((List<?>) answer, write.basis, write.record));
  }

  private Answer answer(List<?> answer, long basis, @Nullable UserRecord made) {
    clock.told(Long.parseLong(NodeLease.text(answer.get(1))));
    byte[] what = (byte[]) answer.get(2);
    if ((Long) answer.get(0) != 1) {
      Outcome outcome = (Long) answer.get(0) == 0 ? Outcome.REFUSED : Outcome.DONE_BEFORE;
      return new Answer(outcome, revised(what));
    }
    long revision = Long.parseLong(NodeLease.text(what));
    Revised present =
        made == null ? Revised.NONE : new Revised(revision, basis == 0 ? revision : basis, made);
    return new Answer(Outcome.DONE, present);
  }

  private static Revised revised(byte[] kept) {
    if (kept.length == 0) {
      return Revised.NONE;
    }
    long[] numbers = new long[2];
    int at = 0;
    for (int i = 0; i < numbers.length; i++) {
      for (; kept[at] != ' '; at++) {
        numbers[i] = numbers[i] * 10 + (kept[at] - '0');
      }
      at++;
    }
    while (kept[at] != ' ') {
      at++; // the writers
    }
    return new Revised(numbers[0], numbers[1], RecordReader.decode(kept, at + 1));
  }

  private List<byte[]> keys(Topic user) {
    return List.of(node.keys().record(user), node.keys().dues(RedisKeys.bucketOf(user)));
  }

  /** Takes users of a bucket whose records are due; the answer is that of the script. */
  CompletionStage<Object> due(int bucket, int atMost, Duration claim) {
    List<byte[]> dues = List.of(node.keys().dues(bucket));
    List<byte[]> arguments = NodeLease.arguments(atMost, claim.toNanos() / 1000);
    return node.commands().submit((pipeline, again) -> DUE.on(pipeline, dues, arguments));
  }

  /** Takes a user of whom nothing is kept out of those who are due. */
  void forget(Topic user) {
    Instant now = clock.now();
    if (now != null) {
      apply(
          user,
          new Write(node.nextOperation(), Revised.NONE, node.id(), 0, null, null, List.of(), false),
          now);
    }
  }

  /** Reads users: at most one command for each bucket, sent together. */
  CompletionStage<Read> readAll(List<Topic> users) {
    Map<Integer, List<Topic>> parts =
        users.stream().collect(Collectors.groupingBy(RedisKeys::bucketOf));
    if (parts.isEmpty()) {
      parts.put(0, List.of()); // to be told the time
    }
    Map<Topic, UserRecord> found = new ConcurrentHashMap<>();
    return CompletableFuture.allOf(
            parts.values().stream()
                .map(part -> read(part, found).toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .thenApply(
            all ->
                new Read(
                    users.stream().map(user -> Optional.ofNullable(found.get(user))).toList(),
                    Objects.requireNonNull(clock.now())));
  }

  private CompletionStage<?> read(List<Topic> users, Map<Topic, UserRecord> found) {
    List<byte[]> keys = users.stream().map(node.keys()::record).toList();
    return node.commands()
        .submit((pipeline, again) -> RECORDS.on(pipeline, keys, List.of()))
        .thenApply(
            answer -> {
              List<?> records = (List<?>) answer;
              clock.told(Long.parseLong(NodeLease.text(records.get(0))));
              for (int i = 0; i < users.size(); i++) {
                UserRecord record = revised((byte[]) records.get(i + 1)).record();
                if (record != null) {
                  found.put(users.get(i), record);
                }
              }
              return found;
            });
  }

  /** Not before that time. */
  private static long micros(Instant time) {
    return time.getEpochSecond() >= LAST_MICROS / MICROS
        ? LAST_MICROS
        : Math.max(0, time.getEpochSecond() * MICROS + (time.getNano() + 999) / 1000);
  }

  /** What is published is numbered when it is sent: see {@link RedisBroker}. */
  private final class Apply implements Command<Object> {
    private final Topic user;
    private final Write write;
    private final byte[] record;
    private final long ttlMillis;
    private final long[] numbers;

    Apply(Topic user, Write write, Instant now) {
      this.user = user;
      this.write = write;
      this.record = write.record == null ? NOTHING : RecordWriter.encode(write.record);
      this.ttlMillis =
          write.due == null
              ? 0
              : Math.max(0, micros(write.due) - micros(now)) / 1000 + FORGOTTEN_AFTER.toMillis();
      this.numbers = new long[publishesApart() ? 0 : write.publications.size()];
    }

    @Override
    public @Nullable Response<?> prepare(AbstractPipeline pipeline) {
      return write.held ? node.index().add(pipeline, NodeIndex.name(user)) : null;
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      if (!node.id().equals(write.by)) {
        throw new LifeEndedException(); // a device under an id that is over would never be evicted
      }
      List<byte[]> arguments =
          NodeLease.arguments(
              write.expected.revision(),
              Long.toHexString(node.origin()),
              write.operation,
              write.basis,
              record,
              ttlMillis,
              NodeIndex.name(user),
              write.due == null ? "" : micros(write.due),
              node.pubSub().verb());
      for (int i = 0; i < numbers.length; i++) {
        Publication publication = write.publications.get(i);
        numbers[i] = again ? numbers[i] : node.nextNumber();
        arguments.add(RedisKeys.bytes(node.keys().channel(publication.topic())));
        arguments.add(
            EnvelopeCodec.encode(publication.envelope(), node.origin(), numbers[i], again));
      }
      return APPLY.on(pipeline, keys(user), arguments);
    }
  }
}
