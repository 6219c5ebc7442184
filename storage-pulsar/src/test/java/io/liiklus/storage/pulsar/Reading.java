package io.liiklus.storage.pulsar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.api.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A storage of one gateway, and the verbs of tests. Confined to the test's thread. */
final class Reading implements AutoCloseable {

  static final Duration WAIT = Duration.ofMinutes(1);

  private final RecordsStorage storage;

  Reading(MapSettings settings) {
    storage =
        new PulsarRecordsStorageFactory()
            .open(settings.with("groups.local", "true"), StorageContext.NONE);
  }

  static String newName() {
    return "topic-" + UUID.randomUUID();
  }

  RecordsStorage storage() {
    return storage;
  }

  CompletionStage<PublishedRecord> send(String topic, String key, String value) {
    byte[] bytes = key == null ? null : key.getBytes(UTF_8);
    var record = new RecordToPublish(topic, bytes, value.getBytes(UTF_8), List.of());
    return storage.publish(record, WAIT);
  }

  PublishedRecord publish(String topic, String key, String value) {
    return get(send(topic, key, value));
  }

  /** Publishes values "0", "1" … in one go; where they are. */
  List<PublishedRecord> publishNumbers(String topic, int from, int to) {
    var sent = new ArrayList<CompletionStage<PublishedRecord>>();
    for (int i = from; i < to; i++) {
      sent.add(send(topic, null, Integer.toString(i)));
    }
    return sent.stream().map(Reading::get).toList();
  }

  PartitionReader join(String topic, RecordingListener listener) {
    return join(topic, listener, AutoOffsetReset.EARLIEST);
  }

  PartitionReader join(String topic, RecordingListener listener, AutoOffsetReset reset) {
    storage.subscribe(new SubscriptionRequest(topic, newName(), reset), listener);
    await().atMost(WAIT).until(() -> listener.reader(0) != null);
    return listener.reader(0);
  }

  /** Reads until there are this many records; their values. */
  static List<String> read(PartitionReader reader, int count) {
    var values = new ArrayList<String>();
    while (values.size() < count) {
      var batch = get(reader.read());
      for (int i = 0; i < batch.size(); i++) {
        values.add(UTF_8.decode(batch.value(i).duplicate()).toString());
      }
    }
    return values;
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(WAIT.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  @Override
  public void close() {
    storage.close();
  }
}
