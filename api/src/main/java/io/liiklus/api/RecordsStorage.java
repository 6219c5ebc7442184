package io.liiklus.api;

import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A log of records in topics and partitions. Thread-safe; no method blocks but {@link #close}.
 *
 * <p>Records of one key go to one partition. What one thread publishes to a partition stands there
 * in the order of its calls.
 *
 * <p>Offsets of a partition rise; they may have gaps and begin anywhere from 0. Reading at an
 * offset begins at the first record at or behind it, so the offset behind a record, {@link
 * Offsets#next}, is always one to resume at. Numbers of partitions may have holes; a partition may
 * be added, and one may end for good ({@link StorageException.Kind#ENDED}).
 */
public interface RecordsStorage extends AutoCloseable {

  /**
   * Writes one record; completes when it is stored durably. Fails at once as {@link
   * StorageException.Kind#FULL} when the storage takes no further record for now: nothing of the
   * record is kept, its arrays are the caller's again, and the same call can be made once {@link
   * #onRoom} notifies the caller. A record that can never fit, and one for a partition that its
   * topic does not have, is {@link StorageException.Kind#BAD_RECORD}.
   *
   * <p>A stage that is {@link Withdrawable} can be asked to take the record back.
   *
   * @param patience how long the caller waits for the answer; after that the storage may drop what
   *     it has not yet begun to write
   */
  CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience);

  /**
   * Creates a topic with the partitions 0 to {@code partitions} - 1; changes nothing where there is
   * one of this name. Fails with {@link StorageException.Kind#PRECONDITION} where the storage
   * creates none on request.
   */
  default CompletionStage<Void> createTopic(String topic, int partitions) {
    return CompletableFuture.failedStage(
        new StorageException(
            Kind.PRECONDITION, "topic %s has to be created first".formatted(topic)));
  }

  /**
   * Names of all topics that clients may read. Fails with {@link
   * StorageException.Kind#PRECONDITION} where the storage cannot list them.
   */
  default CompletionStage<Set<String>> topics() {
    return CompletableFuture.failedStage(
        new StorageException(Kind.PRECONDITION, "the storage cannot list its topics"));
  }

  /**
   * Sets the one to notify when a publish that failed as {@link StorageException.Kind#FULL} may be
   * taken: after each such failure at least once, on any thread of the storage. It must not block.
   * Called once, before the first publish; a storage that is never full need not do anything.
   */
  default void onRoom(Runnable listener) {}

  /**
   * Whether each offset between the range of a partition is a record's. Without that, offsets may
   * stand for what no reader gets, such as ends of transactions, or what compaction removed.
   */
  default boolean isGapless() {
    return false;
  }

  /**
   * Joins a group. A missing topic is waited for, and never created. The fault of a server is
   * waited out; a lasting one is reported by {@link SubscriptionListener#onFailed}.
   */
  Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener);

  /**
   * Range of the log by partition, its end as readers see it. Empty where there is no such topic;
   * none is created.
   */
  CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic);

  /**
   * Where a group that read the log without the gateway left off: by partition, the offset at which
   * it goes on, as groups of the log itself have it. Without what the gateway mirrored there. Empty
   * where the log has no groups of its own, or they are not to count.
   */
  default CompletionStage<Map<Integer, Long>> committedOffsets(String topic, GroupId group) {
    return CompletableFuture.completedStage(Map.of());
  }

  /**
   * Size of the largest record in bytes, key, value and headers together; always the same. A larger
   * one fails as {@link StorageException.Kind#BAD_RECORD}. Requests may be as large, and larger by
   * the parts around the record.
   */
  long maxRecordBytes();

  /**
   * Longest wait for {@link SubscriptionListener#onRevoked}; behind it the rebalance goes on.
   * Always the same.
   */
  default Duration revokeTimeout() {
    return Duration.ofSeconds(2);
  }

  /** Completes when a server behind answered just now; fails, saying why, when none did. */
  CompletionStage<Void> check();

  /**
   * Topics in which the storage's servers hold data of gateways themselves, as positions; always
   * the same ones. No client may publish to them or read them.
   */
  default Set<String> reservedTopics() {
    return Set.of();
  }

  /** Metrics of the storage; always the same ones. */
  default List<Metric> metrics() {
    return List.of();
  }

  /** Lets go of everything, within a bound of its own. Subscriptions are closed before. */
  @Override
  void close();
}
