package io.liiklus.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CpuTimeTest {

  @Test
  void userAndSystemTime_areAdded() {
    var stat =
        "4242 (java) S 1 4242 4242 0 -1 1077936128 9 8 7 6 150 25 3 4 20 0 33 0 123456 99 88 77";

    assertThat(CpuTime.parseNs(stat)).isEqualTo(1_750_000_000);
  }

  @Test
  void processName_mayHaveBlanksAndParentheses() {
    var stat = "7 (a) S 1 (b) c) R 1 2 3 0 -1 4194304 0 0 0 0 1 2 0 0 20 0 1 0 5 6 7";

    assertThat(CpuTime.parseNs(stat)).isEqualTo(30_000_000);
  }

  @Test
  void textWithoutTimes_isRefused() {
    assertThatThrownBy(() -> CpuTime.parseNs("7 (java) S 1 2 3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 (java) S 1 2 3");
  }

  @Test
  void thisProcess_hasUsedSome() {
    assertThat(CpuTime.ofProcessNs(ProcessHandle.current().pid())).isPositive();
  }
}
