package dev.carillon.server.webhook;

import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.FileFailure;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.metrics.WebhookMetrics;
import dev.carillon.server.occupancy.OccupancyListener;
import dev.carillon.server.presence.MemberListener;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhooks of all apps. Those of an app without any cost nothing; without any at all, there is
 * no thread and no folder.
 *
 * <p>Thread-safe.
 */
public final class Webhooks implements MemberListener, OccupancyListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final long TICK_SECONDS = 1;
  private static final long DRAIN_POLL_MILLIS = 10;
  private static final int CLOSE_SECONDS = 2;
  private static final int SEGMENTS = 8;
  private static final long DEAD_LETTERS_FACTOR = 4;
  private static final long MAX_SEGMENT_BYTES = 4 * 1024 * 1024;

  private final Map<String, AppWebhooks> byAppId = new HashMap<>();
  private final List<Intake> intakes = new ArrayList<>();
  private final List<Outbox> outboxes = new ArrayList<>();
  private final Sender sender = new Sender();
  private final ScheduledThreadPoolExecutor thread;
  private final InstantSource clock;
  private @Nullable FileChannel lock;

  private Webhooks(InstantSource clock) {
    this.clock = clock;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "webhooks");
              made.setDaemon(true);
              return made;
            },
            new ThreadPoolExecutor.DiscardPolicy());
  }

  /** Nobody is told anything. */
  public static Webhooks none() {
    return new Webhooks(InstantSource.system());
  }

  /**
   * Those that are configured; what processes before did not get told is told now.
   *
   * @throws IOException if {@code server.data_dir} cannot be used, or another process uses it
   */
  public static Webhooks open(Config config, Metrics metrics, InstantSource clock)
      throws IOException {
    Webhooks webhooks = new Webhooks(clock);
    List<AppConfig> telling =
        config.apps().stream().filter(app -> !app.webhooks().isEmpty()).toList();
    if (telling.isEmpty()) {
      return webhooks;
    }
    try {
      Path folder = folder(config);
      webhooks.lock(folder);
      webhooks.add(telling, folder, metrics);
    } catch (IOException e) {
      webhooks.close();
      throw e;
    }
    webhooks.thread.scheduleWithFixedDelay(webhooks::wakeAll, 0, TICK_SECONDS, TimeUnit.SECONDS);
    return webhooks;
  }

  static Path folder(Config config) {
    return config.server().dataDir().resolve("webhooks");
  }

  /** The app's; its id may have characters that files' names may not. */
  static Path folder(Path folder, AppConfig app) {
    return folder.resolve("app-" + Endpoint.hash(app.id()));
  }

  static DeadLetters deadLetters(Path appFolder, AppConfig app, Endpoint endpoint) {
    return new DeadLetters(
        DeadLetters.folder(appFolder, endpoint), DEAD_LETTERS_FACTOR * app.webhookSpoolBytes());
  }

  private void lock(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      FileChannel opened =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock = opened;
      if (opened.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw taken(folder, e);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    throw taken(folder, null);
  }

  private static IOException taken(Path folder, @Nullable Throwable cause) {
    return new IOException(
        "another process uses " + folder + "; give each its own server.data_dir", cause);
  }

  private static IOException unusable(Path folder, IOException cause) {
    return new IOException(
        "server.data_dir cannot be used: " + folder + ": " + FileFailure.reason(cause), cause);
  }

  private void add(List<AppConfig> apps, Path folder, Metrics metrics) throws IOException {
    try {
      for (AppConfig app : apps) {
        add(app, folder(folder, app), metrics.webhooks(app.id()));
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private void add(AppConfig app, Path folder, WebhookMetrics metrics) throws IOException {
    Files.createDirectories(folder);
    long maxBytes = app.webhookSpoolBytes();
    EventLog log = EventLog.open(folder, Math.min(MAX_SEGMENT_BYTES, maxBytes / SEGMENTS));
    List<Endpoint> endpoints = Endpoint.of(app);
    List<EndpointQueue> queues = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      DeadLetters dead = deadLetters(folder, app, endpoint);
      queues.add(new EndpointQueue(endpoint, log, folder, dead, sender, thread, clock, metrics));
    }
    long segment = log.end().segment();
    Told told = Told.at(folder, log, segment);
    told.save(folder, segment);
    Outbox outbox = new Outbox(folder, log, queues, maxBytes, segment);
    Intake intake =
        new Intake(
            log,
            endpoints,
            maxBytes,
            app.webhookPatience(),
            clock,
            thread,
            () -> Tasks.run(outbox::wake),
            metrics);
    metrics.observe(log::bytes, () -> endpoints.stream().mapToLong(e -> e.waiting().get()).sum());
    intake.recover(told.present());
    outboxes.add(outbox);
    intakes.add(intake);
    byAppId.put(app.id(), new AppWebhooks(intake));
  }

  /** Those of that app. */
  public AppWebhooks of(String appId) {
    return byAppId.getOrDefault(appId, AppWebhooks.none());
  }

  @Override
  public void memberAdded(Topic topic, UserId user) {
    of(topic.appId()).memberAdded(topic.channel(), user);
  }

  @Override
  public void memberRemoved(Topic topic, UserId user) {
    of(topic.appId()).memberRemoved(topic.channel(), user);
  }

  @Override
  public void channelOccupied(Topic topic) {
    of(topic.appId()).channelOccupied(topic.channel());
  }

  @Override
  public void channelVacated(Topic topic) {
    of(topic.appId()).channelVacated(topic.channel());
  }

  private void wakeAll() {
    for (Outbox outbox : outboxes) {
      Tasks.run(outbox::wake);
    }
  }

  /**
   * Lets what waits be told, for that time at most; the rest is told by the next process. So is who
   * has just left: they may be back by then.
   */
  public void drain(Duration atMost) throws InterruptedException {
    if (outboxes.isEmpty()) {
      return;
    }
    CompletableFuture<Void> idle = new CompletableFuture<>();
    thread.scheduleWithFixedDelay(
        () -> {
          if (outboxes.stream().allMatch(Outbox::isIdle)) {
            idle.complete(null);
          }
        },
        0,
        DRAIN_POLL_MILLIS,
        TimeUnit.MILLISECONDS);
    try {
      idle.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.info("Webhooks wait for the next start");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends at once. What waits is told by the next process. */
  @Override
  public void close() {
    // What is under way ends, what was to come is dropped: nobody writes when the files are closed.
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Webhooks are ended while the disk is waited for");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
    for (Intake intake : intakes) {
      Tasks.run(intake::close);
    }
    FileChannel held = lock;
    if (held != null) {
      Tasks.run(held::close);
    }
  }
}
