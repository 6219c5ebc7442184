package io.liiklus.storage.kafka;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;

/**
 * Records in Kafka: one producer and one Admin client for all, one consumer for each subscription.
 * Thread-safe.
 */
final class KafkaRecordsStorage implements RecordsStorage {

  private final KafkaSettings settings;
  private final Admin admin;
  private final KafkaTopics topics;
  private final KafkaPublisher publisher;
  private final AtomicLong opened = new AtomicLong();

  private KafkaRecordsStorage(
      KafkaSettings settings, Admin admin, KafkaTopics topics, KafkaPublisher publisher) {
    this.settings = settings;
    this.admin = admin;
    this.topics = topics;
    this.publisher = publisher;
  }

  static KafkaRecordsStorage open(KafkaSettings settings) {
    var admin = Admin.create(settings.clients().admin());
    try {
      var topics = new KafkaTopics(admin, settings.clients().isolationLevel());
      var publisher = KafkaPublisher.open(settings, topics);
      return new KafkaRecordsStorage(settings, admin, topics, publisher);
    } catch (RuntimeException failure) {
      admin.close(Duration.ZERO);
      throw failure;
    }
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    return publisher.publish(record, patience);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return KafkaSubscription.start(settings, topics, request, listener, opened.getAndIncrement());
  }

  @Override
  public CompletionStage<Map<Integer, Long>> endOffsets(String topic) {
    return topics
        .visibleEnds(topic)
        .thenApply(
            ends -> {
              var offsets = new HashMap<Integer, Long>();
              ends.forEach((partition, end) -> offsets.put(partition, end - 1));
              return offsets;
            });
  }

  @Override
  public CompletionStage<Void> check() {
    return topics.check();
  }

  @Override
  public void close() {
    publisher.close();
    admin.close(settings.closeTimeout());
  }
}
