package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedLoop.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes between while it is looked for a record that cannot be read. */
class UnreadableRecordsTest {

  private final SteppedLoop earliest = new SteppedLoop(AutoOffsetReset.EARLIEST, 4);

  @BeforeEach
  void assignTwo() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.assign(0, 1);
    earliest.failPolls(1, 1);
  }

  @Test
  void aRebalanceThatTakesThePartitionAwayEndsTheSearchAndNotTheLoop() {
    next(() -> earliest.consumer.rebalance(List.of(id(0))));
    earliest.turn();

    earliest.addRecord(0, 0, 10);
    earliest.turn();
    assertThat(earliest.readers.get(0).hasRecords()).isTrue();
  }

  @Test
  void anotherPartitionThatIsOutOfRangeIsPutRightAndTheSearchGoesOn() {
    earliest.log(0, 5, 10);
    next(
        () -> {
          assertThat(earliest.isPaused(1)).as("partition 0 is searched first").isTrue();
          throw new OffsetOutOfRangeException(Map.of(id(0), 0L));
        });
    earliest.failPolls(1, 1);

    earliest.turn();

    assertThat(earliest.consumer.position(id(0))).isEqualTo(5);
    assertThat(earliest.isPaused(0)).isFalse();
    assertThat(earliest.isPaused(1)).isTrue();
  }

  @Test
  void aFailureThatPassesLeavesTheSearchToTheNextRound() {
    next(
        () -> {
          throw new DisconnectException();
        });
    for (int i = 0; i < 3; i++) {
      earliest.consumer.scheduleNopPollTask();
    }
    earliest.failPolls(1, 4);

    earliest.turn();

    assertThat(earliest.isPaused(0)).isFalse();
    assertThat(earliest.isPaused(1)).isTrue();
  }

  private void next(Runnable task) {
    earliest.consumer.schedulePollTask(task);
  }
}
