package dev.carillon.server.cluster;

import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.support.redis.TcpProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three nodes, a real Redis, and chance: joins, leaves, second connections, publishes, statuses
 * that users choose; nodes that are killed and paused, a Redis that restarts empty or hangs,
 * networks that are cut. After each quiet moment every client, the HTTP API of every node and the
 * model agree.
 *
 * <p>{@code -Dcarillon.model.seed=N} replays a run, {@code -Dcarillon.model.steps=N} makes it
 * longer.
 */
class ClusterModelTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterModelTest.class);

  private static final int STEPS = Integer.getInteger("carillon.model.steps", 10_000);
  private static final int STEPS_PER_FAULT = 240;
  private static final int STEPS_PER_QUIET = 60;
  private static final int NODES = 3;
  private static final int LEASE_SECONDS = 2;

  private enum Fault {
    KILL,
    PAUSE,
    REDIS_RESTART,
    REDIS_HANGS,
    CUT,
    LONG_CUT
  }

  @TempDir private Path folder;

  private final List<TcpProxy> proxies = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();

  @Test
  void clientsNodesAndModelAgreeWheneverItIsQuiet() {
    long seed = Long.getLong("carillon.model.seed", System.nanoTime());
    Random random = new Random(seed);
    String replay = "replay by -Dcarillon.model.seed=" + seed;
    int faults = 0;
    try (RedisServer redis = RedisServer.start()) {
      start(redis);
      Model model = new Model(random, nodes);
      for (int step = 1; step <= STEPS; step++) {
        model.step(true);
        if (step % STEPS_PER_FAULT == 0) {
          model.settle("step " + step + ", " + replay);
          Fault fault = Fault.values()[faults % Fault.values().length];
          faults++;
          fail(fault, random.nextInt(NODES), model, redis);
          nodes.forEach(NodeProcess::awaitReady); // before, what is published is not heard by all
          model.askAll();
          model.settleAfterFault("step " + step + " after " + fault + ", " + replay);
        } else if (step % STEPS_PER_QUIET == 0) {
          model.settle("step " + step + ", " + replay);
        }
      }
      model.settle("the end, " + replay);
      model.close();
      LOG.info("No difference steps={} faults={} seed={} {}", STEPS, faults, seed, model.done());
    } catch (RuntimeException | AssertionError failure) {
      nodes.forEach(node -> LOG.error("{}:\n{}", node, node.log()));
      throw new AssertionError(replay, failure);
    } finally {
      nodes.forEach(NodeProcess::close);
      proxies.forEach(TcpProxy::close);
    }
  }

  private void start(RedisServer redis) {
    for (int i = 0; i < NODES; i++) {
      TcpProxy proxy = TcpProxy.to(redis);
      proxies.add(proxy);
      nodes.add(
          NodeProcess.withStatuses(
              "node" + i,
              folder,
              "{enabled: true, node_lease: %d, redis: {url: \"redis://127.0.0.1:%d\"}}"
                  .formatted(LEASE_SECONDS, proxy.port()),
              "{offline_after: 1, idle_after: 86400, away_after: 86400, coalesce: 0.02}"));
    }
  }

  /** Something fails, life goes on elsewhere, and it is mended. */
  private void fail(Fault fault, int victim, Model model, RedisServer redis) {
    NodeProcess node = nodes.get(victim);
    switch (fault) {
      case KILL -> {
        node.kill();
        model.lose(victim);
        model.silence(victim);
        goOn(model, 0);
        node.startAgain();
        model.connect(victim);
        model.listenTo(victim);
      }
      case PAUSE -> {
        model.silence(victim);
        node.pause();
        goOn(model, LEASE_SECONDS * 1000 + 1500);
        node.resume();
        model.listenTo(victim);
      }
      case REDIS_RESTART -> {
        IntStream.range(0, NODES).forEach(model::doNotAsk);
        redis.restart();
        goOn(model, 0);
      }
      case REDIS_HANGS -> {
        IntStream.range(0, NODES).forEach(model::doNotAsk);
        redis.pause();
        goOn(model, LEASE_SECONDS * 1000 + 1500);
        redis.resume();
      }
      case CUT -> {
        model.doNotAsk(victim);
        proxies.get(victim).cut();
        goOn(model, 300);
        proxies.get(victim).heal();
      }
      case LONG_CUT -> {
        model.doNotAsk(victim);
        proxies.get(victim).cut();
        goOn(model, LEASE_SECONDS * 1000 + 1500);
        proxies.get(victim).heal();
      }
    }
  }

  private static void goOn(Model model, int millis) {
    for (int i = 0; i < 20; i++) {
      model.step(false);
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
