package dev.carillon.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "febf::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::1"
      })
  void refusesLinkLocalAndMetadata(String address) throws Exception {
    assertThat(AddressRules.refuses(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.253.1.1",
        "8.8.8.8",
        "::1",
        "fd00::1",
        "2001:db8::1",
        "64:ff9b::8.8.8.8"
      })
  void letsLoopbackPrivateAndPublicPass(String address) throws Exception {
    assertThat(AddressRules.refuses(InetAddress.getByName(address))).isFalse();
  }
}
