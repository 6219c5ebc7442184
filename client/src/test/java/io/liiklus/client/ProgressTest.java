package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {

  private final Progress progress = new Progress();

  @Test
  void position_isBeforeTheFirstRecordThatIsOut() {
    var first = progress.add(3, 10);
    var second = progress.add(5, 20);
    var third = progress.add(9, 40);

    assertThat(progress.done(second)).isFalse();
    assertThat(progress.position()).isEqualTo(-1);
    assertThat(progress.done(first)).isTrue();
    assertThat(progress.position()).isEqualTo(5);
    assertThat(progress.out()).isEqualTo(1);
    assertThat(progress.outBytes()).isEqualTo(40);
    assertThat(progress.done(third)).isTrue();
    assertThat(progress.position()).isEqualTo(9);
    assertThat(progress.out()).isZero();
    assertThat(progress.outBytes()).isZero();
  }
}
