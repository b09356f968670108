package dev.carillon.server.limit;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets each address do something so often a minute, and as often at once; what it did not use fills
 * up evenly. Of IPv6 all addresses of a /64 count as one: that is what a single customer has.
 *
 * <p>There is no timer: two generations of addresses take turns. Whoever is not seen for a whole
 * generation has everything again and may be forgotten. If there are too many addresses, those of
 * the older generation are forgotten early.
 *
 * <p>Thread-safe.
 */
public final class AddressLimit {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MAX_ADDRESSES = 100_000;
  private static final int IPV4_BYTES = 4;

  /** When each address will have everything again. */
  private static final class Generations {
    private final long begunAt;
    private final ConcurrentMap<Long, Long> current = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, Long> previous;

    Generations(long begunAt, ConcurrentMap<Long, Long> previous) {
      this.begunAt = begunAt;
      this.previous = previous;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(AddressLimit.class);

  private final String name;
  private final Runnable onRefused;
  private final AtomicBoolean told = new AtomicBoolean();
  private final long costNanos;
  private final LongSupplier nanoTime;
  private final int maxAddresses;
  private final AtomicBoolean turning = new AtomicBoolean();
  private volatile Generations generations;

  /**
   * A limit.
   *
   * @param name of what is limited, for the log
   * @param perMinute 0 for none
   * @param nanoTime the time in nanoseconds, from any origin
   * @param onRefused is told of each refusal; thread-safe
   */
  public AddressLimit(String name, int perMinute, LongSupplier nanoTime, Runnable onRefused) {
    this(name, perMinute, nanoTime, onRefused, MAX_ADDRESSES);
  }

  AddressLimit(
      String name, int perMinute, LongSupplier nanoTime, Runnable onRefused, int maxAddresses) {
    this.name = name;
    this.onRefused = onRefused;
    this.costNanos = perMinute == 0 ? 0 : MINUTE_NANOS / perMinute;
    this.nanoTime = nanoTime;
    this.maxAddresses = maxAddresses;
    this.generations = new Generations(nanoTime.getAsLong(), new ConcurrentHashMap<>());
  }

  /** Whether there is a limit at all. */
  public boolean enabled() {
    return costNanos > 0;
  }

  /** Counts one; whether the address may. What it may not is not counted. */
  public boolean take(InetAddress address) {
    if (!enabled()) {
      return true;
    }
    long now = nanoTime.getAsLong();
    Long key = key(address);
    Generations both = generations(now);
    boolean[] allowed = new boolean[1];
    both.current.compute(
        key,
        (k, full) -> {
          long before = fullAt(full == null ? both.previous.get(k) : full, now);
          allowed[0] = waitNanos(before, now) <= 0;
          return allowed[0] ? Long.valueOf(before + costNanos) : Long.valueOf(before);
        });
    if (!allowed[0]) {
      refused(address);
    }
    return allowed[0];
  }

  /**
   * Whole seconds until the address may again, which is a refusal; 0 if it may now. Counts nothing.
   */
  public int waitSeconds(InetAddress address) {
    if (!enabled()) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    Long key = key(address);
    Generations both = generations(now);
    Long full = both.current.get(key);
    long wait = waitNanos(fullAt(full == null ? both.previous.get(key) : full, now), now);
    if (wait <= 0) {
      return 0;
    }
    refused(address);
    return (int) ((wait + SECOND_NANOS - 1) / SECOND_NANOS);
  }

  /** The log is told once: a proxy that is not known as one would make everybody one address. */
  private void refused(InetAddress address) {
    onRefused.run();
    if (told.compareAndSet(false, true)) {
      LOG.warn(
          "Address limit reached limit={} address={}; if that is a proxy, it belongs into"
              + " server.trusted_proxies, and has to name its clients",
          name,
          address.getHostAddress());
    }
  }

  /** Of how many addresses it knows. */
  int addresses() {
    Generations both = generations;
    return both.current.size() + both.previous.size();
  }

  private static long fullAt(@Nullable Long full, long now) {
    return full == null ? now : now + Math.max(0, full - now);
  }

  /** What is used up by then fills a minute at most. */
  private long waitNanos(long fullAt, long now) {
    return fullAt + costNanos - now - MINUTE_NANOS;
  }

  private Generations generations(long now) {
    Generations both = generations;
    boolean over = now - both.begunAt >= MINUTE_NANOS || both.current.size() >= maxAddresses / 2;
    if (!over || !turning.compareAndSet(false, true)) {
      return both;
    }
    if (generations == both) {
      generations = new Generations(now, both.current);
    }
    turning.set(false);
    return generations;
  }

  /** An IPv4 address, or the first half of an IPv6 one; public ones of the two never meet. */
  private static Long key(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == IPV4_BYTES ? buffer.getInt() & 0xFFFF_FFFFL : buffer.getLong();
  }
}
