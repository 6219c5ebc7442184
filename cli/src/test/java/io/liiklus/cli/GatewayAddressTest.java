package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayAddressTest {

  @ParameterizedTest
  @CsvSource({
    "localhost:7000, localhost:7000",
    "gateway.local, gateway.local:6565",
    "[::1]:7000, [::1]:7000",
    "[::1], [::1]:6565",
  })
  void address_isAHostAndPerhapsAPort(String text, String address) {
    assertThat(GatewayAddress.parse(text)).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":6565", "::1", "a:b", "a:0", "a:65536", "a:", "http://a:80", "[]:1"})
  void otherText_isRefusedNamingWhatIsAllowed(String text) {
    assertThatThrownBy(() -> GatewayAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("host:port");
  }
}
