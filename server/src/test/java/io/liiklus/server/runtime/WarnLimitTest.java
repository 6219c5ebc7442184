package io.liiklus.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarnLimitTest {

  @Test
  void firstWarning_isPermittedAndTheNextIsNot() {
    var limit = new WarnLimit();

    assertThat(limit.permits()).isTrue();
    assertThat(limit.permits()).isFalse();
  }
}
