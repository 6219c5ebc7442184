package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException.Kind;
import org.junit.jupiter.api.Test;

/** Flushes, and the end of the gateway, past the turns of others. */
class AckFlushTest extends PacedAcks {

  @Test
  void flush_isWrittenAtOnceAndItsTurnCounts() {
    ack("a", 0, 1);
    ack("a", 1, 1);
    ack("b", 2, 1);
    var flushed = flush("a", 0);
    assertThat(positions.takeWrites()).containsExactly("0=1 1=1");
    assertThat(flushed).isNotDone();
    ack("c", 3, 1);

    loop.advance(TURN);
    assertThat(positions.writes()).isEmpty();
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("2=1");
    loop.advance(TURN);
    assertThat(positions.writes()).isEmpty();
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("3=1");
    succeedAll();
    assertThat(flushed).isCompleted();
  }

  @Test
  void flushBehindAWrite_followsItAtOnce() {
    ack("first", 90, 2);
    var flushed = flush("first", 90);
    ack("second", 91, 2);

    succeedAll();
    assertThat(positions.takeWrites()).containsExactly("90=2");
    ack("first", 90, 3);
    succeedAll();
    assertThat(flushed).isCompleted();
    assertThat(positions.writes()).isEmpty();
  }

  @Test
  void flushLargerThanAWrite_isSeveralWritesAtOnce() {
    int more = GroupAcks.MAX_POSITIONS + 10;
    for (int partition = 0; partition < more; partition++) {
      ack("a", partition, 1);
    }
    var flushed = flush("a", more - 1);
    assertThat(positions.takeWrites()).hasSize(2);
    succeedAll();
    assertThat(flushed).isCompleted();
  }

  @Test
  void flushOfRestingAcks_isTriedWithoutATurn() {
    fail(positions.latest(), Kind.UNAVAILABLE);
    var flushed = flush("second", 91);
    loop.advance(Retry.FIRST_DELAY);
    assertThat(positions.takeWrites()).containsExactly("91=1");
    succeedAll();
    assertThat(flushed).isCompleted();
  }

  @Test
  void end_letsNothingWaitForItsTurn() {
    ack("a", 0, 1);
    ack("b", 1, 1);
    acks.flushNow();
    loop.run();
    assertThat(positions.takeWrites()).containsExactly("0=1", "1=1");
    ack("c", 2, 1);
    assertThat(positions.takeWrites()).containsExactly("2=1");
  }
}
