package io.liiklus.storage.kafka.group;

import static io.liiklus.storage.read.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Where partitions are read from, task by task. */
class SubscriptionStartTest {

  private final SteppedSubscription earliest = new SteppedSubscription(AutoOffsetReset.EARLIEST, 4);

  @Test
  void positionBelowTheLog_continuesAtItsStartAndCountsTheLoss() {
    earliest.log(0, 20, 100);
    earliest.resumes.put(0, 5L);

    earliest.assign(0);

    assertThat(earliest.told)
        .containsExactly("asked [0]", "skipped 0 RETENTION 15", "assigned 0 at 20");
  }

  @Test
  void positionBeyondTheLog_continuesAtItsStart() {
    earliest.log(0, 2, 10);
    earliest.resumes.put(0, 11L);

    earliest.assign(0);

    assertThat(earliest.told)
        .containsExactly("asked [0]", "skipped 0 TRUNCATION 0", "assigned 0 at 2");
  }

  @Test
  void reset_decidesWhereNothingIsStored() {
    var latest = new SteppedSubscription(AutoOffsetReset.LATEST, 1);
    latest.log(0, 3, 10);
    latest.log(1, 3, 10);

    latest.assign(0, 1);

    // Partition 1 was not there at first: none of its records is passed over.
    assertThat(latest.told)
        .containsExactlyInAnyOrder("asked [0, 1]", "assigned 0 at 10", "assigned 1 at 3");
  }

  @Test
  void offsetOutOfRange_isHandledAndReportedOnce() {
    earliest.log(0, 0, 100);
    earliest.resumes.put(0, 100L);
    earliest.assign(0);
    earliest.log(0, 30, 100);
    earliest.addRecord(0, 40, 10);

    earliest.readers.get(0).seek(10);
    earliest.turn();

    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(40L);
    earliest.readers.get(0).seek(10);
    earliest.turn();
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(40L);
    assertThat(earliest.told.stream().filter(told -> told.startsWith("skipped")))
        .containsExactly("skipped 0 RETENTION 20");
  }

  @Test
  void seekDuringARangeLookup_wins() {
    earliest.log(0, 5, 100);
    earliest.assign(0);
    earliest.rangesGate = new CompletableFuture<>();
    earliest.readers.get(0).seek(2);
    earliest.turn();

    earliest.addRecord(0, 60, 10);
    earliest.readers.get(0).seek(60);
    earliest.turn();
    earliest.rangesGate.complete(null);
    earliest.turn();

    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(60L);
    assertThat(earliest.told).noneMatch(told -> told.startsWith("skipped"));
  }

  @Test
  void partitionWithoutLeader_holdsUpNoOther() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.leaderless.add(1);

    earliest.assign(0, 1);
    earliest.turn();
    assertThat(earliest.told).contains("assigned 0 at 0").doesNotContain("assigned 1 at 0");

    earliest.leaderless.clear();
    earliest.turn();
    assertThat(earliest.told).contains("assigned 1 at 0");
  }

  @Test
  void topicRecreatedDuringALookup_isReadFromItsStart() {
    earliest.log(0, 7, 10);
    earliest.topicIdGate = new CompletableFuture<>();
    earliest.assign(0);

    earliest.topicId = Uuid.randomUuid().toString();
    earliest.log(0, 0, 20);
    earliest.topicIdGate.complete(null);
    earliest.turn();

    assertThat(earliest.told).endsWith("assigned 0 at 0");
  }

  @Test
  void recreatedTopic_isReadFromItsStartThoughGrownPastTheEndRead() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 10L);
    earliest.assign(0);
    earliest.turn();
    assertThat(earliest.isAtTail(0)).isTrue();

    earliest.topicId = Uuid.randomUuid().toString();
    earliest.log(0, 0, 5);
    earliest.turnTail();
    earliest.log(0, 0, 20);
    earliest.turn();

    assertThat(earliest.told).endsWith("assigned 0 at 0");
  }
}
