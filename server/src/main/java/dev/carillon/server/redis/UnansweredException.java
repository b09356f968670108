package dev.carillon.server.redis;

import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** A command whose answer did not come, since the connection was lost, or never made. Quiet. */
final class UnansweredException extends JedisDataException {
  private static final long serialVersionUID = 1;

  private final boolean sent;

  private UnansweredException(HostAndPort server, JedisException failure, boolean sent) {
    super(server + ": " + RedisErrors.reason(failure));
    this.sent = sent;
  }

  /** It may have been done. */
  static UnansweredException sent(HostAndPort server, JedisException failure) {
    return new UnansweredException(server, failure, true);
  }

  /** It was not done. */
  static UnansweredException unsent(HostAndPort server, JedisException failure) {
    return new UnansweredException(server, failure, false);
  }

  /** Whether it may have been done. */
  boolean wasSent() {
    return sent;
  }

  @Override
  @SuppressWarnings({"UnsynchronizedOverridesSynchronized", "PMD"})
  public Throwable fillInStackTrace() {
    return this;
  }
}
