package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.server.gateway.Gateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that cannot be listened on end the start, and the text names the setting. */
class AddressesIT {

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "server"})
  void unknownHost_isNamed(String root) {
    assertThatThrownBy(() -> Gateway.start("--" + root + ".host=no-such-host.invalid"))
        .hasRootCauseMessage(
            root
                + ".host: no-such-host.invalid cannot be found; an address or a name of this"
                + " machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "server"})
  void takenPort_isNamed(String root) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Gateway.start("--" + root + ".port=" + taken.getLocalPort()))
          .hasMessageContaining(
              "port " + taken.getLocalPort() + " is in use; another one by --" + root + ".port");
    }
  }
}
