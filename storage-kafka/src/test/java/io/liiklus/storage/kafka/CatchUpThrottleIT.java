package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.Metric;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.read.CpuTargetThrottle;
import io.liiklus.testing.SharedKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A group that is behind, beside one at the end of the log that gets records. */
class CatchUpThrottleIT extends KafkaStorageFixture {

  private static final int RECORDS = 1_000;
  private static final String VALUE = "x".repeat(1_000);

  private static RecordsStorage storage;

  @BeforeAll
  static void open() {
    // Many small polls.
    var settings =
        KafkaTestStorage.settings(SharedKafka.cluster().bootstrapServers())
            .with("prefetch", "16 KiB")
            .with("properties.max.partition.fetch.bytes", "16384");
    storage =
        KafkaRecordsStorage.open(
            KafkaSettings.read(settings), () -> new CpuTargetThrottle.Load(1, 1));
    assertThat(settings.refused()).isEmpty();
  }

  @AfterAll
  static void close() {
    storage.close();
  }

  @Test
  void catchUp_slowsDownOnBusyProcessorsAndMissesNothing() {
    var topic = newTopic(1);
    for (int i = 0; i < RECORDS; i++) {
      publish(topic, "", VALUE);
    }
    var behind = joinAlone(topic, new RecordingListener());
    var live = new RecordingListener();
    join(topic, newName(), AutoOffsetReset.LATEST, live);
    var end = awaitReader(live, 0);

    eventually().until(() -> readAnew(behind, topic, end) == CpuTargetThrottle.FLOOR);
    // Nobody gets anything at the end now.
    eventually().until(() -> readAnew(behind, null, null) == 0);
  }

  /**
   * All records once more, with a new one at the end beside each batch.
   *
   * @return the limit at last
   */
  private long readAnew(PartitionReader behind, String topic, PartitionReader end) {
    behind.seek(0);
    long next = 0;
    while (next < RECORDS) {
      for (long offset : offsets(get(behind.read()))) {
        assertThat(offset).isEqualTo(next++);
      }
      if (topic != null) {
        publish(topic, "", VALUE);
        readAll(end, 1);
      }
    }
    return limit();
  }

  private static long limit() {
    return storage.metrics().stream()
        .filter(measure -> measure.name().equals("kafka_catch_up_limit_bytes"))
        .map(Metric::value)
        .findFirst()
        .orElseThrow()
        .getAsLong();
  }

  @Override
  protected RecordsStorage storage() {
    return storage;
  }
}
