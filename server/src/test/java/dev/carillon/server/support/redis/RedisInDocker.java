package dev.carillon.server.support.redis;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.utility.DockerImageName;

/**
 * A life in a container that has this machine's network, temporary files and user, so that ports,
 * addresses and paths mean there what they mean here. It ends with the JVM. Thread-safe.
 */
final class RedisInDocker implements RedisLife {
  /** Whether all are such: {@code -Dcarillon.test.redis.docker=true}. */
  static final boolean WANTED = Boolean.getBoolean("carillon.test.redis.docker");

  private static final DockerImageName IMAGE = DockerImageName.parse("redis:7.0.15");

  static {
    // What goes wrong is thrown, and that there is no Docker is no error for all who do not ask.
    for (String name : List.of("org.testcontainers", "tc", "com.github.dockerjava")) {
      ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.OFF);
    }
  }

  private final RedisLog log = new RedisLog();
  private final DockerClient docker = docker();
  private final GenericContainer<?> container;

  private RedisInDocker(Path configuration, boolean sentinel) throws IOException {
    Path folder = configuration.getParent();
    String user =
        Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
    String file = configuration.toString();
    container =
        new GenericContainer<>(IMAGE)
            .withNetworkMode("host")
            .withWorkingDirectory(folder.toString())
            .withCommand(sentinel ? new String[] {file, "--sentinel"} : new String[] {file})
            .withCreateContainerCmdModifier(command -> ofThisMachine(command, user))
            .withLogConsumer(this::print);
  }

  /** Without the image's own start, which would give away files and rights to another user. */
  private static void ofThisMachine(CreateContainerCmd command, String user) {
    String files = System.getProperty("java.io.tmpdir");
    command
        .withEntrypoint("redis-server")
        .withUser(user)
        .getHostConfig()
        .withBinds(Bind.parse(files + ":" + files));
  }

  /** As {@link RedisLife#start}. */
  static RedisInDocker start(Path configuration, boolean sentinel) throws IOException {
    RedisInDocker started = new RedisInDocker(configuration, sentinel);
    try {
      started.container.start();
    } catch (ContainerLaunchException e) {
      started.log.add(String.valueOf(e.getCause()));
      started.log.end();
    }
    if (!started.log.isReady()) {
      started.kill();
      throw started.log.failure();
    }
    return started;
  }

  private static DockerClient docker() throws IOException {
    try {
      return DockerClientFactory.instance().client();
    } catch (IllegalStateException e) {
      throw new IOException(
          "carillon.test.redis.docker=true puts each Redis into a container, but there is no Docker"
              + " that this user may use; in the build, -P '!redis-in-docker' leaves that out",
          e);
    }
  }

  /** Whether there is a Docker. */
  static boolean isPossible() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  private void print(OutputFrame frame) {
    if (frame.getType() == OutputFrame.OutputType.END) {
      log.end();
    } else {
      log.add(frame.getUtf8StringWithoutLineEnding());
    }
  }

  @Override
  public boolean isAlive() {
    return container.isRunning();
  }

  @Override
  public List<String> log() {
    return log.lines();
  }

  @Override
  public void stop() {
    if (isAlive()) {
      ContainerState state = container.getCurrentContainerInfo().getState();
      if (Boolean.TRUE.equals(state.getPaused())) {
        resume();
      }
      docker.stopContainerCmd(id()).withTimeout(RedisLog.SECONDS_AT_MOST).exec();
      awaitExit();
    }
    container.stop();
  }

  @Override
  public void kill() {
    if (isAlive()) {
      docker.killContainerCmd(id()).exec();
      awaitExit();
    }
    container.stop();
  }

  @Override
  public void pause() {
    docker.pauseContainerCmd(id()).exec();
  }

  @Override
  public void resume() {
    docker.unpauseContainerCmd(id()).exec();
  }

  private String id() {
    return container.getContainerId();
  }

  private void awaitExit() {
    docker
        .waitContainerCmd(id())
        .exec(new WaitContainerResultCallback())
        .awaitStatusCode(RedisLog.SECONDS_AT_MOST, TimeUnit.SECONDS);
    if (!log.isComplete()) {
      throw new AssertionError("redis-server has ended, but what it prints has not:\n" + log);
    }
  }
}
