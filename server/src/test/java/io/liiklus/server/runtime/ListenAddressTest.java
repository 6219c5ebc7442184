package io.liiklus.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {

  private final ListenAddress address = new ListenAddress("server", "127.0.0.1", 80);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bind(..) failed with error(-98): Address already in use"
            + " | port 80 is in use; another one by --server.port",
        "Address already in use | port 80 is in use; another one by --server.port",
        "bind(..) failed with error(-13): Permission denied"
            + " | server.port: cannot listen on 127.0.0.1:80: Permission denied",
        "Permission denied | server.port: cannot listen on 127.0.0.1:80: Permission denied",
      })
  void failureToBind_saysWhatIsWrongAndNamesTheSetting(String ofSystem, String told) {
    assertThat(address.cannotListen(new BindException(ofSystem))).hasMessage(told).hasNoCause();
  }
}
