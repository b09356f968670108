package dev.carillon.benchmarks.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Some nodes, and their Redis if they have one. */
final class Cluster implements AutoCloseable {
  private final Path folder = Files.createTempDirectory("carillon-nodes-");
  private final @Nullable Redis redis;
  private final List<Node> nodes = new ArrayList<>();

  /** Starts them, and waits until they are ready; users have no status. */
  Cluster(int size, boolean scaling) throws IOException, InterruptedException {
    this(size, scaling, false, "");
  }

  private Cluster(int size, boolean scaling, boolean statuses, String settings)
      throws IOException, InterruptedException {
    redis = scaling ? new Redis(folder) : null;
    for (int i = 0; i < size; i++) {
      nodes.add(new Node(folder, redis, statuses, settings));
    }
    for (Node node : nodes) {
      node.awaitReady();
    }
  }

  /**
   * Starts them, and waits until they are ready; users have a status.
   *
   * @param settings more lines of each node's configuration
   */
  static Cluster withStatuses(int size, boolean scaling, String settings)
      throws IOException, InterruptedException {
    return new Cluster(size, scaling, true, settings);
  }

  List<Node> nodes() {
    return nodes;
  }

  Node node(int i) {
    return nodes.get(i);
  }

  Redis redis() {
    if (redis == null) {
      throw new IllegalStateException("without scaling there is no Redis");
    }
    return redis;
  }

  /** What Redis has worked; nothing if there is none. */
  Duration redisCpu() {
    return redis == null ? Duration.ZERO : redis.cpu();
  }

  /** What all nodes together have worked. */
  Duration cpu() {
    return nodes.stream().map(Node::cpu).reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    if (redis != null) {
      redis.close();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
