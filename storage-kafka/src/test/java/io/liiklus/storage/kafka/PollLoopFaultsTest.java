package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedLoop.id;
import static io.liiklus.storage.kafka.SteppedReads.failure;
import static io.liiklus.storage.kafka.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.StorageException.Kind;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Records that cannot be read, and topics that were made anew. */
class PollLoopFaultsTest {

  private final SteppedLoop earliest = new SteppedLoop(AutoOffsetReset.EARLIEST, 4);

  @Test
  void anUnreadableRecordFailsTheReadsOfItsPartitionAndNoOther() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.assign(0, 1);
    var read = earliest.readers.get(1).read();
    earliest.failPolls(1, 5);

    earliest.turn();
    earliest.addRecord(0, 0, 10);
    earliest.turn();

    var failure = failure(read);
    assertThat(failure.kind()).isEqualTo(Kind.DATA_LOSS);
    assertThat(failure).hasMessageContaining("partition=1 offset=0").hasMessageContaining("crc");
    assertThat(failure(earliest.readers.get(1).read()).kind()).isEqualTo(Kind.DATA_LOSS);
    assertThat(earliest.isPaused(1)).isTrue();
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(0L);
  }

  @Test
  void whatCameBeforeAnUnreadableRecordIsReadAndASeekGoesPastIt() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    earliest.addRecord(0, 0, 10);
    earliest.turn();
    earliest.failPolls(0, 3);
    earliest.turn();

    var reader = earliest.readers.get(0);
    assertThat(offsets(reader.read())).containsExactly(0L);
    assertThat(failure(reader.read())).hasMessageContaining("offset=1");

    reader.seek(2);
    earliest.addRecord(0, 2, 10);
    earliest.turn();

    assertThat(offsets(reader.read())).containsExactly(2L);
    assertThat(earliest.isPaused(0)).isFalse();
  }

  @Test
  void aFailureThatNoPartitionHasAloneEndsTheLoop() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    earliest.consumer.setPollException(new KafkaException("something else"));

    assertThatThrownBy(earliest::turn).hasMessage("something else");
  }

  @Test
  void aTopicThatWasMadeAnewIsLostAndBegunAtItsStartWhateverIsStored() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 7L);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.topicId = Uuid.randomUuid();
    earliest.log(0, 0, 20);
    earliest.clockNs += SteppedLoop.TOPIC_CHECK.toNanos();
    earliest.turn();

    assertThat(failure(read).kind()).isEqualTo(Kind.LOST);
    assertThat(earliest.told)
        .endsWith("lost [0]", "asked [0]", "skipped 0 TRUNCATION 0", "assigned 0 at 0");
    assertThat(earliest.consumer.position(id(0))).isZero();

    earliest.told.clear();
    earliest.clockNs += SteppedLoop.TOPIC_CHECK.toNanos();
    earliest.turn();
    assertThat(earliest.told).isEmpty();
  }

  @Test
  void aPartitionThatComesBackInATopicMadeAnewBeginsAtItsStart() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 7L);
    earliest.assign(0);
    earliest.assign();

    earliest.topicId = Uuid.randomUuid();
    earliest.assign(0);

    assertThat(earliest.told).endsWith("skipped 0 TRUNCATION 0", "assigned 0 at 0");
  }
}
