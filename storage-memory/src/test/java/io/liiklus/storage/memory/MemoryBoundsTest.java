package io.liiklus.storage.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordingListener.Skip;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.read.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is particular to the storage in memory: its bounds, its partitions, its end. */
class MemoryBoundsTest {

  private static final MapSettings DEFAULTS =
      new MapSettings(
          Map.of(
              "partitions", "32",
              "maxTopics", "1000",
              "maxBytesPerPartition", "64 MiB",
              "maxRecordBytes", "1 MiB",
              "groups.interval", "1s",
              "groups.sessionTimeout", "10s",
              "groups.revokeTimeout", "2s",
              "maxPositions", "1000000"));

  private final MemoryGateway storage =
      new MemoryGateway(
          new MemorySettings(4, 2, 4096, 2048, GroupTimes.revokingWithin(Duration.ofSeconds(2))));

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void oldestRecords_makeWayForNewOnes() {
    var log = new MemoryLog(10 * 164);
    for (int i = 0; i < 100; i++) {
      assertThat(log.append(record(100))).isEqualTo(i);
    }
    assertThat(log.range()).isEqualTo(new OffsetRange(90, 100));
    assertThat(log.read(0, () -> {}).offset(0)).isEqualTo(90);
  }

  @Test
  void oneRecord_staysHoweverLarge() {
    var log = new MemoryLog(10);
    log.append(record(100));
    log.append(record(100));
    assertThat(log.range()).isEqualTo(new OffsetRange(1, 2));
  }

  @Test
  void batch_isBoundedByCountAndBytes() {
    var small = new MemoryLog(Long.MAX_VALUE);
    var large = new MemoryLog(Long.MAX_VALUE);
    for (int i = 0; i < 1000; i++) {
      small.append(record(1));
      large.append(record(100_000));
    }
    assertThat(small.read(0, () -> {}).size()).isEqualTo(MemoryLog.MAX_BATCH_RECORDS);
    assertThat(large.read(0, () -> {}).size()).isEqualTo(2);
  }

  @Test
  void readerPassedByRetention_isNotifiedOfTheLostCount() throws Exception {
    storage.growTo("topic", 1);
    var listener = new RecordingListener();
    storage.subscribe(
        new SubscriptionRequest("topic", "group", AutoOffsetReset.EARLIEST), listener);
    Awaitility.await().until(() -> listener.reader(0) != null);
    // More than the tail cache keeps for a group that does not read.
    for (int i = 0; i < 1000; i++) {
      publish("topic", null, 1000);
    }
    assertThat(range(listener).start()).isPositive();

    var lost = new ArrayList<Skip>();
    long next = 0;
    while (next < 1000) {
      var batch = listener.reader(0).read().toCompletableFuture().get(10, TimeUnit.SECONDS);
      // What was read ahead comes before the gap.
      if (batch.offset(0) > next) {
        lost.add(new Skip(0, SkipReason.RETENTION, batch.offset(0) - next));
        assertThat(listener.skips()).containsAll(lost);
      }
      next = batch.offset(batch.size() - 1) + 1;
    }

    assertThat(next).isEqualTo(range(listener).end());
    assertThat(listener.skips()).isNotEmpty().isEqualTo(lost);
  }

  private static OffsetRange range(RecordingListener listener) throws Exception {
    return listener.reader(0).range().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void recordOverTheLimit_isRefusedNamingBothSizes() {
    assertThatThrownBy(() -> publish("topic", null, 3000).toCompletableFuture().join())
        .hasRootCauseMessage(
            "the record has 3064 bytes, at most 2048 are allowed (memory.maxRecordBytes)");
    assertThat(storage.endOffsets("topic")).isCompletedWithValue(Map.of());
  }

  @Test
  void topicPastTheBound_isNotCreated() {
    assertThat(Failures.kindOf(publish("first", null, 1))).isNull();
    assertThat(Failures.kindOf(publish("second", null, 1))).isNull();
    assertThat(Failures.kindOf(publish("third", null, 1))).isEqualTo(Kind.EXHAUSTED);
    assertThat(Failures.kindOf(publish("first", null, 1))).isNull();
  }

  @Test
  void key_goesToThePartitionThatItAlwaysWentTo() {
    for (var key : List.of("a", "key", "another key", "ключ")) {
      int expected = Math.abs(ByteBuffer.wrap(key.getBytes(UTF_8)).hashCode() % 4);
      var published = publish("topic", key, 1).toCompletableFuture().join();
      assertThat(published.partition()).isEqualTo(expected);
    }
  }

  @Test
  void recordsWithoutKey_areSpreadEvenly() {
    var partitions = new TreeSet<Integer>();
    for (int i = 0; i < 4; i++) {
      partitions.add(publish("topic", null, 1).toCompletableFuture().join().partition());
    }
    assertThat(partitions).containsExactly(0, 1, 2, 3);
  }

  @Test
  void close_endsEverythingOpen() throws Exception {
    storage.growTo("topic", 1);
    var listener = new RecordingListener();
    var request = new SubscriptionRequest("topic", "group", AutoOffsetReset.EARLIEST);
    var subscription = storage.subscribe(request, listener);
    Awaitility.await().until(() -> listener.reader(0) != null);
    var open = listener.reader(0).read();

    storage.close();

    assertThat(Failures.kindOf(open)).isEqualTo(Kind.CLOSED);
    assertThat(Failures.kindOf(publish("topic", null, 1))).isEqualTo(Kind.CLOSED);
    assertThat(Failures.kindOf(storage.endOffsets("topic"))).isEqualTo(Kind.CLOSED);
    assertThat(Failures.kindOf(storage.check())).isEqualTo(Kind.CLOSED);
    assertThatThrownBy(() -> storage.subscribe(request, listener))
        .isInstanceOf(StorageException.class);
    subscription.close().toCompletableFuture().get(1, TimeUnit.SECONDS);
  }

  @Test
  void factories_openTheConfiguredStorages() {
    var settings = DEFAULTS.with("partitions", "7");
    try (var records = new MemoryRecordsStorageFactory().open(settings, StorageContext.NONE);
        var positions = new MemoryPositionsStorageFactory().open(settings, StorageContext.NONE)) {
      records.publish(new RecordToPublish("topic", null, null, List.of()), Duration.ofSeconds(1));
      assertThat(records.endOffsets("topic").toCompletableFuture().join()).hasSize(7);
      assertThat(Failures.kindOf(positions.check())).isNull();
    }
    assertThat(settings.refused()).isEmpty();
  }

  @Test
  void recordLargerThanItsPartition_isRefused() {
    var settings = DEFAULTS.with("maxBytesPerPartition", "64 KiB");
    new MemoryRecordsStorageFactory().check(settings);
    assertThat(settings.refused())
        .containsExactly(
            "maxRecordBytes: is 1048576; at most maxBytesPerPartition, which is 65536");
  }

  private CompletionStage<PublishedRecord> publish(String topic, String key, int bytes) {
    return storage.publish(
        new RecordToPublish(
            topic, key == null ? null : key.getBytes(UTF_8), new byte[bytes], List.of()),
        Duration.ofSeconds(1));
  }

  private static StoredRecord record(int bytes) {
    return StoredRecord.of(Offsets.UNKNOWN, 0, null, new byte[bytes], List.of());
  }
}
