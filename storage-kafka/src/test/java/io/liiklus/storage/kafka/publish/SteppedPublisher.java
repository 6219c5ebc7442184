package io.liiklus.storage.kafka.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.KafkaTestStorage;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.client.KafkaTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A publisher with a mock producer, whose retries a test turns by hand. Confined to the test's
 * thread.
 */
final class SteppedPublisher implements AutoCloseable {

  static final String TOPIC = "topic";
  static final Duration PATIENCE = Duration.ofMinutes(1);

  final SteppedProducer producer = new SteppedProducer();
  final SteppedAdmin cluster = new SteppedAdmin();

  /** Pauses of the retries so far, in milliseconds. */
  final List<Long> pauses = new ArrayList<>();

  private final List<Runnable> due = new ArrayList<>();

  private final ScheduledThreadPoolExecutor retries =
      new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
          due.add(task);
          pauses.add(unit.toMillis(delay));
          return null;
        }
      };

  final KafkaPublisher publisher;

  SteppedPublisher() {
    var settings =
        KafkaSettings.read(
            KafkaTestStorage.settings("127.0.0.1:1").with("waitingPublishes", "16 KiB"));
    var topics = new KafkaTopics(cluster.admin(), settings.clients());
    var faults = new StandingFaults(System::nanoTime);
    publisher = new KafkaPublisher(settings, topics, faults, () -> producer, retries);
    // Those of the look after the producer.
    due.clear();
    pauses.clear();
  }

  /** As {@link #publish}, whatever the answer. */
  void add(String key, String value) {
    var unused = publish(key, value);
  }

  CompletableFuture<PublishedRecord> publish(String key, String value) {
    return publish(key, value, PATIENCE);
  }

  CompletableFuture<PublishedRecord> publish(String key, String value, Duration patience) {
    var keyBytes = key == null ? null : key.getBytes(UTF_8);
    var record = new RecordToPublish(TOPIC, keyBytes, value.getBytes(UTF_8), List.of());
    return publisher.publish(record, patience).toCompletableFuture();
  }

  /** Has all retries run that are waited for. */
  void retry() {
    var tasks = List.copyOf(due);
    due.clear();
    tasks.forEach(Runnable::run);
  }

  boolean isRetrying() {
    return !due.isEmpty();
  }

  static StorageException failure(CompletableFuture<PublishedRecord> answer) {
    return StorageException.of(answer.handle((stored, failure) -> failure).join());
  }

  @Override
  public void close() {
    publisher.close();
  }
}
