package io.liiklus.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Both storages of a gateway, and what a test does with them. Confined to the test's thread. */
public final class Gateway implements AutoCloseable {

  public static final Duration PATIENCE = Duration.ofSeconds(10);

  public final RecordsStorage records;
  public final PositionsStorage positions;

  private Gateway(RecordsStorage records, PositionsStorage positions) {
    this.records = records;
    this.positions = positions;
  }

  public static Gateway open(MapSettings settings) {
    var positions = new SqlPositionsStorageFactory().open(settings, StorageContext.NONE);
    var records = new SqlRecordsStorageFactory().open(settings, StorageContext.NONE);
    return new Gateway(records, positions);
  }

  public CompletionStage<PublishedRecord> publish(String topic, String value) {
    return publish(topic, value, PATIENCE);
  }

  public CompletionStage<PublishedRecord> publish(String topic, String value, Duration patience) {
    var record =
        new RecordToPublish(topic, "key".getBytes(UTF_8), value.getBytes(UTF_8), List.of());
    return records.publish(record, patience);
  }

  /** Reader of the one partition that has records of the key. */
  public PartitionReader read(String topic, String group, RecordingListener listener) {
    int partition = get(publish(topic, "to find the partition")).partition();
    records.subscribe(new SubscriptionRequest(topic, group, AutoOffsetReset.EARLIEST), listener);
    Awaitility.await().atMost(PATIENCE).until(() -> listener.reader(partition) != null);
    return listener.reader(partition);
  }

  public static List<String> values(PartitionReader reader, int count) {
    var values = new ArrayList<String>();
    while (values.size() < count) {
      var batch = get(reader.read());
      for (int i = 0; i < batch.size(); i++) {
        values.add(UTF_8.decode(batch.value(i).duplicate()).toString());
      }
    }
    return values;
  }

  public static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** What the stage fails with. */
  public static StorageException failure(CompletionStage<?> stage) {
    try {
      throw new AssertionError("answered " + get(stage));
    } catch (CompletionException failed) {
      return StorageException.of(failed);
    }
  }

  @Override
  public void close() {
    records.close();
    positions.close();
  }
}
