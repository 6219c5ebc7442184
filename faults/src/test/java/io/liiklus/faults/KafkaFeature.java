package io.liiklus.faults;

import static io.liiklus.faults.LogBench.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.faults.journal.LogContents;
import io.liiklus.faults.load.LogReader;
import io.liiklus.faults.load.Pace;
import java.util.Map;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Logs whose offsets have holes: transactions, compaction, tombstones. */
enum KafkaFeature implements TopicFault {
  TRANSACTIONS("F11 aborted and open transactions") {
    @Override
    public void happen(String topic) throws Exception {
      try (var bench = LogBench.open(topic, 1, Map.of());
          var kafka = DirectProducer.transactional(bench.stage())) {
        var group = bench.stage().group(topic + "-readers");
        group.join(Pace.FAST);
        for (int number = 0; number < TRANSACTION_COUNT; number++) {
          boolean isCommitted = number % 3 != 1;
          kafka.producer().beginTransaction();
          for (int i = 0; i < RECORDS_OF_EACH; i++) {
            kafka.send(PARTITION, "key", number + "-" + i + (isCommitted ? "" : "-aborted"));
          }
          if (isCommitted) {
            kafka.producer().commitTransaction();
          } else {
            kafka.producer().abortTransaction();
          }
        }
        kafka.producer().beginTransaction();
        kafka.send(PARTITION, "key", "of an open transaction");

        assertThat(bench.endOffsets()).containsEntry(PARTITION, lastStable(bench) - 1);
        var committed = LogReader.read(bench.bootstrapServers(), bench.stage().topic());
        bench.awaitReceived(group, committed.records(PARTITION).lastKey());
        assertThat(group.receivedCount()).isEqualTo(committed.size());
        kafka.producer().commitTransaction();
        bench.awaitReceived(group, committed.records(PARTITION).lastKey() + 2);
        bench.check();
      }
    }
  },

  COMPACTION("F11 compaction and tombstones") {
    @Override
    public void happen(String topic) throws Exception {
      try (var bench = LogBench.open(topic, 1, COMPACTED);
          var kafka = new DirectProducer(bench.stage())) {
        for (int version = 0; version < 20; version++) {
          for (int key = 0; key < 5; key++) {
            kafka.send(PARTITION, "key-" + key, key + "-" + version);
          }
        }
        kafka.send(PARTITION, "key-0", null);
        var number = new int[1];
        await("the log is compacted")
            .atMost(Stage.RECOVERY_BOUND)
            .until(
                () -> {
                  // Only a record after it closes a segment.
                  kafka.send(PARTITION, "roll-" + ++number[0], "roll-" + number[0]);
                  return contents(bench).records(PARTITION).headMap(100L).size() <= 5;
                });
        var group = bench.stage().group(topic + "-readers");

        group.join(Pace.FAST);

        var held = contents(bench).records(PARTITION);
        assertThat(held).containsEntry(100L, LogReader.TOMBSTONE);
        bench.awaitReceived(group, held.lastKey());
        assertThat(bench.endOffsets()).containsEntry(PARTITION, held.lastKey());
        bench.check();
      }
    }
  };

  private static final int TRANSACTION_COUNT = 10;
  private static final int RECORDS_OF_EACH = 5;

  /** Each record soon opens a segment of its own, and closed segments are compacted. */
  private static final Map<String, String> COMPACTED =
      Map.of(
          "cleanup.policy", "compact",
          "segment.ms", "100",
          "min.cleanable.dirty.ratio", "0.01",
          "max.compaction.lag.ms", "100");

  private final String title;

  KafkaFeature(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }

  private static LogContents contents(LogBench bench) {
    return LogReader.read(bench.bootstrapServers(), bench.stage().topic());
  }

  private static long lastStable(LogBench bench) throws Exception {
    var id = new TopicPartition(bench.stage().topic(), PARTITION);
    return bench
        .deployment()
        .kafka()
        .admin()
        .listOffsets(
            Map.of(id, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .partitionResult(id)
        .get()
        .offset();
  }
}
