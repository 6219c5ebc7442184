package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LingerTest {

  private static final long LONGEST_NS = 10;

  private long nowNs;
  private final Linger linger = new Linger(() -> nowNs, LONGEST_NS);

  /** A look that takes a nanosecond, and finds nothing of this gateway. */
  private void look(long atNs) {
    nowNs = atNs;
    linger.onAsked();
    nowNs++;
    linger.onLeft();
  }

  @Test
  void linger_endsByALookThatBeganBehindIt() {
    look(0);
    look(10);
    assertThat(linger.isOver()).isFalse();
    look(11);
    assertThat(linger.isOver()).isTrue();
  }

  @Test
  void timeWithoutAnAnswer_doesNotEndIt() {
    look(0);
    nowNs = 1_000;
    linger.onAsked();
    assertThat(linger.isOver()).isFalse();
  }

  @Test
  void groupThatNamesTheGateway_beginsItAnew() {
    look(0);
    look(11);
    linger.onNeeded();
    assertThat(linger.isOver()).isFalse();
    look(20);
    look(30);
    assertThat(linger.isOver()).isFalse();
    look(31);
    assertThat(linger.isOver()).isTrue();
  }
}
