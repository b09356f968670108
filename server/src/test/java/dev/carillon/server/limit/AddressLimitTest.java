package dev.carillon.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AddressLimitTest {
  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final AtomicInteger refused = new AtomicInteger();

  @Test
  void lessThanItsRateIsFree() throws Exception {
    AddressLimit limit = limit(60);

    for (int i = 0; i < 600; i++) {
      assertThat(limit.take(address("192.0.2.1"))).isTrue();
      pass(Duration.ofSeconds(1));
    }

    assertThat(refused).hasValue(0);
  }

  @Test
  void aMinutesWorthMayComeAtOnceAndFillsUpEvenly() throws Exception {
    AddressLimit limit = limit(6);
    assertThat(taken(limit, "192.0.2.1", 10)).isEqualTo(6);
    assertThat(limit.waitSeconds(address("192.0.2.1"))).isEqualTo(10);

    pass(Duration.ofSeconds(10));

    assertThat(limit.waitSeconds(address("192.0.2.1"))).isZero();
    assertThat(taken(limit, "192.0.2.1", 10)).isEqualTo(1);
    assertThat(refused).hasValue(4 + 1 + 9);
  }

  @Test
  void otherAddressesAreNotTouched() throws Exception {
    AddressLimit limit = limit(2);
    assertThat(taken(limit, "192.0.2.1", 5)).isEqualTo(2);

    assertThat(taken(limit, "192.0.2.2", 5)).isEqualTo(2);
    assertThat(taken(limit, "2001:db8::1", 5)).isEqualTo(2);
  }

  @Test
  void anIpv6NetworkOfOneCustomerIsOneAddress() throws Exception {
    AddressLimit limit = limit(2);
    assertThat(taken(limit, "2001:db8:0:1::1", 5)).isEqualTo(2);

    assertThat(taken(limit, "2001:db8:0:1:ffff::2", 5)).isZero();
    assertThat(taken(limit, "2001:db8:0:2::1", 5)).isEqualTo(2);
  }

  @Test
  void whatWasUsedIsRememberedWhenGenerationsTurn() throws Exception {
    AddressLimit limit = limit(6);
    pass(Duration.ofSeconds(55));
    taken(limit, "192.0.2.1", 6);

    pass(Duration.ofSeconds(10));

    assertThat(taken(limit, "192.0.2.1", 6)).isEqualTo(1);
  }

  @Test
  void manyAddressesTakeBoundedMemory() throws Exception {
    AddressLimit limit = new AddressLimit("test", 1, time::get, refused::incrementAndGet, 1_000);

    for (int i = 0; i < 100_000; i++) {
      limit.take(
          InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}));
    }

    assertThat(limit.addresses()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void zeroIsNoLimit() throws Exception {
    AddressLimit limit = limit(0);

    assertThat(limit.enabled()).isFalse();
    assertThat(taken(limit, "192.0.2.1", 1_000)).isEqualTo(1_000);
    assertThat(limit.waitSeconds(address("192.0.2.1"))).isZero();
    assertThat(limit.addresses()).isZero();
  }

  @Test
  void severalThreadsTakeNoMoreThanOne() throws Exception {
    AddressLimit limit = limit(1_000);
    AtomicInteger taken = new AtomicInteger();
    Runnable run =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            if (limit.take(address("192.0.2.1"))) {
              taken.incrementAndGet();
            }
          }
        };
    CompletableFuture.allOf(CompletableFuture.runAsync(run), CompletableFuture.runAsync(run))
        .get(30, TimeUnit.SECONDS);

    assertThat(taken).hasValue(1_000);
  }

  private AddressLimit limit(int perMinute) {
    return new AddressLimit("test", perMinute, time::get, refused::incrementAndGet);
  }

  private void pass(Duration passed) {
    time.addAndGet(passed.toNanos());
  }

  private static int taken(AddressLimit limit, String address, int attempts) {
    int taken = 0;
    for (int i = 0; i < attempts; i++) {
      taken += limit.take(address(address)) ? 1 : 0;
    }
    return taken;
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
