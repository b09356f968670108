package dev.carillon.server.support.redis;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.redis.testcontainers.RedisContainer;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.slf4j.LoggerFactory;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** The contract with a Redis in a container, where there is Docker. */
@ExtendWith(RedisContainerTest.Quiet.class) // before the one that looks for Docker
@Testcontainers(disabledWithoutDocker = true)
class RedisContainerTest extends RedisContract {
  @Container
  private static final RedisContainer REDIS =
      new RedisContainer(RedisContainer.DEFAULT_IMAGE_NAME.withTag("7.0.15"));

  @Override
  String url() {
    return REDIS.getRedisURI();
  }

  /** That there is no Docker is no error. */
  static final class Quiet implements Extension {
    Quiet() {
      for (String name : List.of("org.testcontainers", "tc", "com.github.dockerjava")) {
        ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.OFF);
      }
    }
  }
}
