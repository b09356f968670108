package dev.carillon.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "0.0.0.0/0, 203.0.113.1, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 10.0.0.1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fe80::1, false",
    "2001:db8::/33, 2001:db8:7fff::, true",
    "2001:db8::/33, 2001:db8:8000::, false",
    "::1, ::1, true",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
  })
  void containsWhatBeginsAsItDoes(String range, String address, boolean contained)
      throws Exception {
    assertThat(Cidr.parse(range).orElseThrow().contains(InetAddress.getByName(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/33",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "10.0.0.256",
        "::/129",
        "::g",
        "example.com",
        "example.com/8",
        "10.0.0.0/ 8",
        "1.2.3.4/٣",
        "[::1]",
        "::ffff:10.0.0.0/104"
      })
  void nothingElseIsOne(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }
}
