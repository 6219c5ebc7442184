package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayAddressTest {

  @ParameterizedTest
  @CsvSource({
    "gateway, gateway, 6565",
    "gateway:7000, gateway, 7000",
    "127.0.0.1:1, 127.0.0.1, 1",
    "[::1]:7000, ::1, 7000",
    "[::1], ::1, 6565"
  })
  void address_hasAHostAndAPort(String text, String host, int port) {
    assertThat(GatewayAddress.parse(text)).isEqualTo(new GatewayAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":1", "::1", "a:b", "a:", "a:0", "a:65536", "http://a:80", "[]:1"})
  void wrongAddress_isRefused(String text) {
    assertThatThrownBy(() -> GatewayAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'"
                + text
                + "' is no address; allowed: host:port with a port of 1 to 65535, host, [IPv6]");
  }

  @Test
  void noAddress_isRefused() {
    assertThatThrownBy(() -> LiiklusClient.builder())
        .hasMessageStartingWith("addresses: are empty");
  }
}
