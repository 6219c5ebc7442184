package io.liiklus.server.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A bound that two partitions share. */
class UnackedBudgetTest {

  private final UnackedBudget budget = new UnackedBudget(100);
  private final AtomicInteger wakeUps = new AtomicInteger();
  private final UnackedBudget.Share one = budget.open(wakeUps::incrementAndGet);
  private final UnackedBudget.Share other = budget.open(() -> {});

  @Test
  void partitionBelowItsShare_isReadPastTheBound() {
    one.set(90);
    other.set(30);

    assertThat(one.mayRead()).isFalse();
    assertThat(other.mayRead()).isTrue();
  }

  @Test
  void partitionBelowTheBound_mayTakeMoreThanItsShare() {
    one.set(90);

    assertThat(one.mayRead()).isTrue();
  }

  @Test
  void waitingPartition_isNotifiedOnceWhenThereIsRoom() {
    one.set(90);
    other.set(30);
    one.awaitRoom();
    one.awaitRoom();
    other.set(20);
    assertThat(wakeUps).hasValue(0);

    other.set(5);
    other.set(1);

    assertThat(wakeUps).hasValue(1);
  }

  @Test
  void closedShare_givesItsBytesBack() {
    other.set(150);
    one.set(60);
    one.awaitRoom();

    other.close();
    other.set(70);

    assertThat(budget.bytes()).isEqualTo(60);
    assertThat(wakeUps).hasValue(1);
  }
}
