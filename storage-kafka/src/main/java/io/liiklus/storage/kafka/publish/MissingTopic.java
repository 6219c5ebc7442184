package io.liiklus.storage.kafka.publish;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.kafka.client.KafkaTopics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The request whether a topic that the producer does not know exists, or will by itself.
 * Thread-safe: guarded by itself.
 */
final class MissingTopic {

  /** Looks in a row that must agree before it is believed that there is no such topic. */
  private static final int LOOKS_TO_BELIEVE = 2;

  /** What the cluster says; {@code createsTopics} is empty where it does not tell. */
  private record Look(int partitionCount, Optional<Boolean> createsTopics) {}

  private final String topic;
  private final KafkaTopics topics;
  private final Duration creation;
  private final long sinceNs = System.nanoTime();

  // Guarded by this.
  private boolean isLooking;
  private int unknownLooks;

  /**
   * @param creation how long a broker that creates topics may take for it
   */
  MissingTopic(String topic, KafkaTopics topics, Duration creation) {
    this.topic = topic;
    this.topics = topics;
    this.creation = creation;
  }

  /**
   * Asks the cluster, if it is not asked already.
   *
   * @param listener notified when there is no such topic, or when it cannot be published to
   */
  void look(Consumer<StorageException> listener) {
    synchronized (this) {
      if (isLooking) {
        return;
      }
      isLooking = true;
    }
    CompletionStage<Look> look =
        topics
            .partitionCount(topic)
            .thenCompose(
                count ->
                    count > 0
                        ? CompletableFuture.completedStage(new Look(count, Optional.empty()))
                        : topics.createsTopics().thenApply(creates -> new Look(0, creates)));
    var unused =
        look.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                onLookFailed(KafkaFailures.of(failure), listener);
              } else if (isMissing(answer)) {
                listener.accept(
                    new StorageException(
                        Kind.UNKNOWN_TOPIC,
                        "there is no topic " + topic + ", and Kafka does not create it"));
              }
            });
  }

  private synchronized boolean isMissing(Look look) {
    isLooking = false;
    if (look.partitionCount() > 0) {
      unknownLooks = 0;
      return false;
    }
    unknownLooks++;
    boolean isCreatable = look.createsTopics().orElse(true);
    boolean isOverdue = System.nanoTime() - sinceNs > creation.toNanos();
    return unknownLooks >= LOOKS_TO_BELIEVE && (!isCreatable || isOverdue);
  }

  private void onLookFailed(StorageException failure, Consumer<StorageException> listener) {
    synchronized (this) {
      isLooking = false;
    }
    if (failure.kind() != Kind.UNAVAILABLE) {
      listener.accept(failure);
    }
  }
}
