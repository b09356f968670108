package dev.carillon.server.redis;

import dev.carillon.server.broker.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Sends commands to Redis in the order in which they are given, many at a time, on a thread of its
 * own. While Redis is away they wait: those that {@link #submit} was given for a limited time,
 * those that {@link #keep} was given until the node's entries are lost and put back whole.
 *
 * <p>Thread-safe. What follows a stage runs on that thread and must not block.
 */
final class RedisCommands implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCommands.class);

  private static final int BATCH = 512;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration FLUSH_AT_MOST = Duration.ofSeconds(2);

  /** Who is asked before anything is sent, on this thread. */
  interface Gate {
    /**
     * Called before the first command, each second, and after each failure.
     *
     * @throws JedisException if nothing can be sent now
     */
    void pass(Shards redis);

    /** How long until it wants to be asked again, in nanoseconds. */
    long nanosUntilNext();
  }

  private final RedisClients clients;
  private final Gate gate;
  private final long timeoutNanos;
  private final int maxWaiting;
  private final Queue<PendingCommand<?>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();

  /** How many of those that wait are entries that are put back: these have to be, all. */
  private volatile int restored;

  private final Thread sender;
  private final Thread clock;
  private volatile List<PendingCommand<?>> inFlight = List.of();
  private volatile boolean away = true;
  private volatile boolean closing;
  private volatile boolean ended;
  private final Shards redis;
  private boolean lossTold;

  /**
   * Begins; Redis need not be there.
   *
   * @param redis to be used by this thread only
   * @param timeout how long a command that was submitted waits for Redis
   * @param maxWaiting how many commands may wait
   */
  RedisCommands(Shards redis, Gate gate, Duration timeout, int maxWaiting) {
    this.maxWaiting = maxWaiting;
    this.clients = redis.clients();
    this.redis = redis;
    this.gate = gate;
    this.timeoutNanos = timeout.toNanos();
    this.sender = new Thread(this::run, "redis-commands");
    this.clock = new Thread(this::watchDeadlines, "redis-deadlines");
    sender.setDaemon(true);
    clock.setDaemon(true);
  }

  void start() {
    sender.start();
    clock.start();
  }

  /** Whether Redis cannot be reached. */
  boolean away() {
    return away;
  }

  /**
   * Sends a command.
   *
   * @return fails with an {@link UnavailableException} if Redis did not answer in time; it may have
   *     been done then
   */
  <T> CompletionStage<T> submit(Command<T> command) {
    return add(new PendingCommand<>(command, false, System.nanoTime() + timeoutNanos));
  }

  /**
   * Sends a command that changes what this node has in Redis.
   *
   * @return fails with a {@link LifeEndedException} if all of that is put back instead
   */
  <T> CompletionStage<T> keep(Command<T> command) {
    return add(new PendingCommand<>(command, true, PendingCommand.NO_DEADLINE));
  }

  private <T> CompletionStage<T> add(PendingCommand<T> command) {
    if (closing) {
      command.answer().completeExceptionally(new UnavailableException("The server has stopped"));
      return command.answer();
    }
    if (!command.kept() && overfull()) {
      command.answer().completeExceptionally(unavailable());
      return command.answer();
    }
    waiting.add(command);
    if (waitingCount.getAndIncrement() == 0) {
      LockSupport.unpark(sender);
    }
    if (ended && waiting.remove(command)) { // came when nobody looked any more
      command.answer().completeExceptionally(unavailable());
    }
    return command.answer();
  }

  /** How many are not answered. */
  int waiting() {
    return waitingCount.get() + inFlight.size();
  }

  /** Whether more changes wait than are worth keeping. */
  boolean overfull() {
    return waitingCount.get() >= maxWaiting + restored;
  }

  /** Asks the gate now, if it wants to be asked. */
  void wake() {
    LockSupport.unpark(sender);
  }

  /**
   * Drops the changes that wait, since all entries are put back. That is done before what else
   * waits: who reads is to find them. On the sender's thread.
   *
   * @param restore puts them back, by {@link #keep}
   */
  void restart(Runnable restore) {
    List<PendingCommand<?>> all = new ArrayList<>(inFlight);
    inFlight = List.of();
    for (PendingCommand<?> next = waiting.poll(); next != null; next = waiting.poll()) {
      waitingCount.decrementAndGet();
      all.add(next);
    }
    restore.run();
    restored = waitingCount.get();
    for (PendingCommand<?> command : all) {
      if (command.kept()) {
        command.answer().completeExceptionally(new LifeEndedException());
      } else {
        waiting.add(command);
        waitingCount.incrementAndGet();
      }
    }
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!finished()) {
      try {
        if (away || gate.nanosUntilNext() <= 0) {
          gate.pass(redis);
          if (inFlight.isEmpty()) { // else it is not known whether what has failed can be done now
            back();
          }
        }
        boolean some = exchange();
        back();
        pause = FIRST_PAUSE;
        if (!some) {
          LockSupport.parkNanos(Math.min(Math.max(1, gate.nanosUntilNext()), TICK.toNanos()));
        }
      } catch (JedisException failure) {
        lost(failure);
        LockSupport.parkNanos(pause.toNanos());
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      } catch (RuntimeException bug) {
        LOG.error("Redis commands failed", bug);
        LockSupport.parkNanos(LONGEST_PAUSE.toNanos());
      }
    }
    ended = true;
    inFlight.forEach(command -> command.answer().completeExceptionally(unavailable()));
    waiting.forEach(command -> command.answer().completeExceptionally(unavailable()));
    redis.close();
  }

  private boolean finished() {
    return closing && (away || (waiting.isEmpty() && inFlight.isEmpty()));
  }

  private void back() {
    lossTold = false;
    if (away) {
      away = false;
      LOG.info("Redis connected redis={}", clients);
    }
  }

  private void lost(JedisException failure) {
    away = true;
    if (!lossTold) {
      lossTold = true;
      LOG.warn("Redis lost redis={} reason={}", clients, RedisErrors.reason(failure));
    }
    clients.topology().refresh();
  }

  /** Whether all that was sent is answered. */
  boolean settled() {
    return inFlight.isEmpty();
  }

  /** Sends what waits, and what was not answered before; whether there was anything. */
  private boolean exchange() {
    List<PendingCommand<?>> batch = batch();
    if (batch.isEmpty()) {
      return false;
    }
    inFlight = batch;
    Batch sent = new Batch(batch);
    if (clients.clustered()) {
      sent.prepare(redis);
    }
    sent.send(redis, !clients.clustered());
    inFlight = sent.unanswered();
    sent.check();
    return true;
  }

  private List<PendingCommand<?>> batch() {
    List<PendingCommand<?>> batch = new ArrayList<>(inFlight);
    while (batch.size() < BATCH) {
      PendingCommand<?> next = waiting.poll();
      if (next == null) {
        break;
      }
      waitingCount.decrementAndGet();
      batch.add(next);
    }
    restored = Math.min(restored, waitingCount.get());
    return batch;
  }

  /** Gives up what has waited too long, also while the sender hangs in a connection. */
  private void watchDeadlines() {
    while (sender.isAlive()) {
      LockSupport.parkNanos(TICK.toNanos());
      long now = System.nanoTime();
      inFlight.forEach(command -> giveUp(command, now));
      if (away) {
        waiting.removeIf(command -> giveUp(command, now) && waitingCount.decrementAndGet() >= 0);
      }
    }
  }

  private boolean giveUp(PendingCommand<?> command, long now) {
    return command.isOver(now) && command.answer().completeExceptionally(unavailable());
  }

  private UnavailableException unavailable() {
    return new UnavailableException(
        "Redis did not answer within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
  }

  /** Sends what waits, if Redis is there, and ends. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(sender);
    try {
      sender.join(FLUSH_AT_MOST.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (sender.isAlive()) {
      LOG.warn("Redis commands not finished waiting={}", waitingCount.get());
    }
  }
}
