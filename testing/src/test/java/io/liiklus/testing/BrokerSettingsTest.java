package io.liiklus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {

  private static final int MANY = 1_000;

  @Test
  void clusterId_neverBeginsLikeAnOption() {
    assertThat(Stream.generate(BrokerSettings::newClusterId).limit(MANY))
        .allSatisfy(id -> assertThat(id).hasSize(22).doesNotStartWith("-"));
  }
}
