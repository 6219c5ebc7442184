package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.group.StartOffsets.FirstLook;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Where a partition begins, by what is stored and what its log has. */
class StartOffsetsTest {

  private static final String TOPIC = "1";
  private static final String TOPIC_ANEW = "2";
  private static final int PARTITION = 0;

  /** Of the topic when the subscription began. */
  private static final int PARTITIONS = 2;

  private final List<String> skipped = new ArrayList<>();

  private StartOffsets starts(AutoOffsetReset reset) {
    var request = new SubscriptionRequest("topic", "group", reset);
    return new StartOffsets(request, new FirstLook(TOPIC, PARTITIONS), new Listener());
  }

  /** Readers see the log up to one before its end. */
  private static LogRange log(long start, long end) {
    return new LogRange(new OffsetRange(start, end), FetchPosition.named(end - 1));
  }

  @Test
  void storedOffset_isWhereItBegins() {
    assertThat(starts(AutoOffsetReset.LATEST).start(PARTITION, 7L, TOPIC, log(5, 10))).isEqualTo(7);
    assertThat(skipped).isEmpty();
  }

  @Test
  void offsetAtTheEnd_isWhereItBegins() {
    var starts = starts(AutoOffsetReset.EARLIEST);

    assertThat(starts.start(PARTITION, 10L, TOPIC, log(5, 10))).isEqualTo(10);
    assertThat(skipped).isEmpty();
  }

  @Test
  void nothingStored_isTheReset() {
    var held = log(5, 10);

    assertThat(starts(AutoOffsetReset.EARLIEST).start(PARTITION, null, TOPIC, held)).isEqualTo(5);
    assertThat(starts(AutoOffsetReset.LATEST).start(PARTITION, null, TOPIC, held)).isEqualTo(9);
  }

  @Test
  void partitionThatWasAdded_beginsAtItsStartWhateverTheReset() {
    var starts = starts(AutoOffsetReset.LATEST);

    assertThat(starts.start(PARTITIONS, null, TOPIC, log(5, 10))).isEqualTo(5);
  }

  /** Of a log whose offsets say nothing about numbers of records. */
  private StartOffsets sparseStarts() {
    var request = new SubscriptionRequest("topic", "group", AutoOffsetReset.LATEST);
    return new StartOffsets(request, new FirstLook(TOPIC, PARTITIONS), new Listener(), false);
  }

  @Test
  void sparseOffsetBelowTheLog_reportsALossOfUnknownSize() {
    assertThat(sparseStarts().start(PARTITION, 3L, TOPIC, log(5, 10))).isEqualTo(5);

    assertThat(skipped).containsExactly("0 RETENTION -1");
  }

  @Test
  void sparseOffsetOfNothingRead_isTheStartAndNoLoss() {
    assertThat(sparseStarts().start(PARTITION, 0L, TOPIC, log(5, 10))).isEqualTo(5);

    assertThat(skipped).isEmpty();
  }

  @Test
  void sparseOffsetInALogWithoutRecords_isLeftAsItIs() {
    var empty = new LogRange(new OffsetRange(0, 0), FetchPosition.named(0));

    assertThat(sparseStarts().start(PARTITION, 7L, TOPIC, empty)).isEqualTo(7);

    assertThat(skipped).isEmpty();
  }

  @Test
  void offsetBelowTheLog_beginsAtItsStartAndReportsTheLossOnce() {
    var starts = starts(AutoOffsetReset.EARLIEST);

    assertThat(starts.start(PARTITION, 2L, TOPIC, log(5, 10))).isEqualTo(5);
    assertThat(starts.resumption(PARTITION, 1, new OffsetRange(5, 10))).isEqualTo(5);
    assertThat(skipped).containsExactly("0 RETENTION 3");

    assertThat(starts.resumption(PARTITION, 1, new OffsetRange(8, 10))).isEqualTo(8);
    assertThat(skipped).containsExactly("0 RETENTION 3", "0 RETENTION 3");
  }

  @Test
  void offsetBeyondTheLog_beginsAtItsStart() {
    var starts = starts(AutoOffsetReset.LATEST);

    assertThat(starts.start(PARTITION, 11L, TOPIC, log(5, 10))).isEqualTo(5);
    assertThat(skipped).containsExactly("0 TRUNCATION 0");
  }

  @Test
  void recreatedTopic_beginsAtItsStartWhateverIsStored() {
    var starts = starts(AutoOffsetReset.LATEST);
    assertThat(starts.start(PARTITION, 7L, TOPIC, log(5, 10))).isEqualTo(7);

    assertThat(starts.isOfAnother(PARTITION, TOPIC_ANEW)).isTrue();
    assertThat(starts.start(PARTITION, 7L, TOPIC_ANEW, log(0, 20))).isZero();
    assertThat(starts.isOfAnother(PARTITION, TOPIC_ANEW)).isFalse();
    assertThat(skipped).containsExactly("0 TRUNCATION 0");
  }

  private final class Listener implements SubscriptionListener {

    @Override
    public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
      return CompletableFuture.completedStage(Map.of());
    }

    @Override
    public void onAssigned(PartitionReader reader) {}

    @Override
    public CompletionStage<Void> onRevoked(Set<Integer> partitions) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onLost(Set<Integer> partitions) {}

    @Override
    public void onSkipped(int partition, SkipReason reason, long records) {
      skipped.add(partition + " " + reason + " " + records);
    }

    @Override
    public void onFailed(StorageException failure) {}
  }
}
