package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.StorageException.Kind;
import org.junit.jupiter.api.Test;

/**
 * What becomes of partitions that end for good; skipped where none does. Confined to the test's
 * thread.
 */
public abstract class RecordsStorageEndContract extends RecordsStorageStartContract {

  private final RecordingListener listener = new RecordingListener();

  @Test
  void endedPartition_isReadToItsEnd() {
    var topic = newEndingTopic(1);
    publishNumbers(topic, 3);
    endPartition(topic, 0);

    var reader = joinAlone(topic, listener);

    assertThat(readValues(reader, 3)).containsExactly("0", "1", "2");
    assertThat(failureOf(reader.read())).isEqualTo(Kind.ENDED);
    assertThat(failureOf(reader.read())).isEqualTo(Kind.ENDED);
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void openRead_failsWhenThePartitionEnds() {
    var topic = newEndingTopic(1);
    var open = joinAlone(topic, listener).read();

    endPartition(topic, 0);

    assertThat(failureOf(open)).isEqualTo(Kind.ENDED);
  }

  @Test
  void endedPartition_isReadAgainAfterASeek() {
    var topic = newEndingTopic(1);
    var offsets = publishNumbers(topic, 3);
    endPartition(topic, 0);
    var reader = joinAlone(topic, listener);
    readAll(reader, 3);
    assertThat(failureOf(reader.read())).isEqualTo(Kind.ENDED);

    reader.seek(offsets.get(1));

    assertThat(readValues(reader, 2)).containsExactly("1", "2");
    assertThat(failureOf(reader.read())).isEqualTo(Kind.ENDED);
  }

  @Test
  void endedPartition_staysAssignedAndLeavesItsKeysToAnother() {
    var topic = newEndingTopic(2);
    var keys = keysOf(topic, 2);
    join(topic, newName(), AutoOffsetReset.LATEST, listener);
    awaitHeld(listener, 0, 1);

    endPartition(topic, 0);
    var published = publish(topic, keys.get(0), "elsewhere");

    assertThat(published.partition()).isEqualTo(1);
    assertThat(readValues(listener.reader(1), 1)).containsExactly("elsewhere");
    assertThat(failureOf(listener.reader(0).read())).isEqualTo(Kind.ENDED);
    awaitHeld(listener, 0, 1);
    assertThat(rangeOf(topic, 0).end()).isPositive();
  }

  private String newEndingTopic(int partitions) {
    assumeTrue(endsPartitions());
    return newTopic(partitions);
  }
}
