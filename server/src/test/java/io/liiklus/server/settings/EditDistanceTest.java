package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {

  @ParameterizedTest
  @CsvSource({
    "grpc.port, grpc.port, 0",
    "grpc.prot, grpc.port, 1",
    "grpc.pot, grpc.port, 1",
    "grpc.portt, grpc.port, 1",
    "grpc.pirt, grpc.port, 1",
    "grcp.prot, grpc.port, 2",
    "grpc.host, grpc.port, 2",
    "grpc.tls, grpc.port, 3",
    "grpc, grpc.port, 3",
    "'', ab, 2",
  })
  void distance_isTheNumberOfTypingMistakesUpToABound(String one, String other, int expected) {
    assertThat(EditDistance.within(2, one, other)).isEqualTo(expected);
    assertThat(EditDistance.within(2, other, one)).isEqualTo(expected);
  }
}
