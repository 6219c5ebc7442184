package io.liiklus.storage.kafka.publish;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Look-up of a topic that the producer does not know: whether it exists, or brokers will create it.
 * Thread-safe: guarded by itself.
 */
final class MissingTopic {

  /** Look-ups in a row without the topic after which it counts as missing. */
  private static final int LOOKS_TO_BELIEVE = 2;

  private final String topic;
  private final TopicLookups lookups;
  private final TopicCreation brokers;
  private final Duration creation;
  private final long sinceNs = System.nanoTime();

  // Guarded by this.
  private boolean isLooking;
  private int unknownLooks;

  /**
   * @param creation longest time for brokers that create topics
   */
  MissingTopic(String topic, TopicLookups lookups, TopicCreation brokers, Duration creation) {
    this.topic = topic;
    this.lookups = lookups;
    this.brokers = brokers;
    this.creation = creation;
  }

  /**
   * Sends a request to the cluster, unless one is under way.
   *
   * @param listener notified when the topic is missing, or cannot be published to
   */
  void look(Consumer<StorageException> listener) {
    synchronized (this) {
      if (isLooking) {
        return;
      }
      isLooking = true;
    }
    var unused =
        lookups
            .partitionCount(topic)
            .thenCompose(count -> count > 0 ? isThere() : brokers.isOn().thenApply(this::isMissing))
            .whenComplete((isMissing, failure) -> onLooked(isMissing, failure, listener));
  }

  private synchronized CompletionStage<Boolean> isThere() {
    unknownLooks = 0;
    return CompletableFuture.completedStage(false);
  }

  /**
   * @param createsTopics empty where the cluster does not say
   */
  private synchronized boolean isMissing(Optional<Boolean> createsTopics) {
    unknownLooks++;
    boolean isOverdue = System.nanoTime() - sinceNs > creation.toNanos();
    return unknownLooks >= LOOKS_TO_BELIEVE && (!createsTopics.orElse(true) || isOverdue);
  }

  private void onLooked(Boolean isMissing, Throwable failure, Consumer<StorageException> listener) {
    synchronized (this) {
      isLooking = false;
    }
    if (failure != null) {
      var known = KafkaFailures.of(failure);
      if (known.kind() != Kind.UNAVAILABLE) {
        listener.accept(known);
      }
    } else if (isMissing) {
      listener.accept(
          new StorageException(
              Kind.UNKNOWN_TOPIC, "there is no topic " + topic + ", and Kafka does not create it"));
    }
  }
}
