package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CatchUpLagTest {

  private static final FetchTask TASK = new FetchTask(3, FetchPosition.named(0));

  private final CatchUpLag lag = new CatchUpLag();

  CatchUpLagTest() {
    lag.begin(TASK.generation());
  }

  @Test
  void group_gainsOnceItIsCloserThanEver() {
    assertThat(lag.isGaining(TASK, 100)).isTrue();
    assertThat(lag.isGaining(TASK, 120)).isFalse();
    assertThat(lag.isGaining(TASK, 100)).isFalse();
    assertThat(lag.isGaining(TASK, 99)).isTrue();
  }

  @Test
  void lag_thatGrewWhileTheClientTookNothing_isNotMadeUpFor() {
    lag.isGaining(TASK, 100);
    lag.onFull();
    assertThat(lag.isGaining(TASK, 120)).isTrue();
  }

  @Test
  void seek_beginsAnew() {
    lag.isGaining(TASK, 100);
    lag.begin(4);
    assertThat(lag.isGaining(new FetchTask(4, FetchPosition.named(0)), 5_000)).isTrue();
    assertThat(lag.isGaining(TASK, 9_000)).isTrue();
    assertThat(lag.isGaining(new FetchTask(4, FetchPosition.named(0)), 5_000)).isFalse();
  }
}
