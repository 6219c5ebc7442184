package io.liiklus.storage.kafka;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * A poll loop that a test turns by hand, over Kafka's own consumer for that purpose. Positions and
 * log ranges are answered when the test says so. Confined to the test's thread.
 */
final class SteppedLoop implements SubscriptionListener, LogRanges {

  static final String TOPIC = "topic";
  static final int HAND_OFF_BYTES = 1_000;
  static final Duration COPY = Duration.ofMillis(100);
  static final Duration HOLD = Duration.ofMillis(50);
  static final Duration TOPIC_CHECK = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofNanos(1);

  /** Turned by hand, and in each round by as much as a retry waits. */
  long clockNs;

  final MockConsumer<ByteBuffer, ByteBuffer> consumer = new MockConsumer<>("none");
  final List<String> told = new ArrayList<>();
  final Map<Integer, PartitionReader> readers = new HashMap<>();
  final Map<Integer, Long> resumes = new HashMap<>();
  final Map<Integer, LogRange> logs = new HashMap<>();

  /** Another one when the topic was made anew. */
  Uuid topicId = Uuid.randomUuid();

  /** Partitions of which no broker can tell anything. */
  final Set<Integer> leaderless = new HashSet<>();

  /** Set one to have a look-up answered later. */
  CompletableFuture<Void> positionsGate = CompletableFuture.completedFuture(null);

  CompletableFuture<Void> topicIdGate = CompletableFuture.completedFuture(null);
  CompletableFuture<Void> rangesGate = CompletableFuture.completedFuture(null);
  CompletableFuture<Void> revocationGate = CompletableFuture.completedFuture(null);

  final PollLoop loop;

  SteppedLoop(AutoOffsetReset reset, int initialPartitionCount) {
    var bounds =
        new PollLoop.Bounds(
            HAND_OFF_BYTES,
            COPY,
            HOLD,
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ZERO,
            RETRY,
            TOPIC_CHECK);
    var request = new SubscriptionRequest(TOPIC, "group", reset);
    var parts = new PollLoop.Parts(consumer, this, this, () -> clockNs);
    var firstLook = new StartPositions.FirstLook(topicId, initialPartitionCount);
    loop = new PollLoop(parts, new PollLoop.Order(request, firstLook, false), bounds);
    loop.subscribe();
  }

  static TopicPartition id(int partition) {
    return new TopicPartition(TOPIC, partition);
  }

  void log(int partition, long start, long end) {
    logs.put(partition, new LogRange(new OffsetRange(start, end), end));
    consumer.updateBeginningOffsets(Map.of(id(partition), start));
    consumer.updateEndOffsets(Map.of(id(partition), end));
  }

  /** The consumer's partitions from now on; what changes is called back within the next round. */
  void assign(Integer... partitions) {
    var ids = Arrays.stream(partitions).map(SteppedLoop::id).toList();
    consumer.schedulePollTask(() -> consumer.rebalance(ids));
    turn();
  }

  /** Enough rounds for what was left behind in one to be done in the next. */
  void turn() {
    for (int i = 0; i < 4; i++) {
      clockNs += RETRY.toNanos();
      loop.runOnce();
    }
  }

  void addRecord(int partition, long offset, int bytes) {
    consumer.addRecord(
        new ConsumerRecord<>(TOPIC, partition, offset, null, ByteBuffer.allocate(bytes)));
  }

  /** The next polls fail where this partition is polled, as with a record that is unreadable. */
  void failPolls(int partition, int polls) {
    for (int i = 0; i < polls; i++) {
      consumer.schedulePollTask(
          () -> {
            if (!isPaused(partition)) {
              throw new KafkaException("a record is invalid", new CorruptRecordException("crc"));
            }
          });
    }
  }

  boolean isPaused(int partition) {
    return consumer.paused().contains(id(partition));
  }

  @Override
  public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
    told.add("asked " + partitions);
    var answer = new HashMap<>(resumes);
    answer.keySet().retainAll(partitions);
    return positionsGate.thenApply(open -> answer);
  }

  @Override
  public CompletionStage<Uuid> topicId(String topic) {
    return topicIdGate.thenApply(open -> topicId);
  }

  @Override
  public CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions) {
    if (partitions.stream().anyMatch(leaderless::contains)) {
      return CompletableFuture.failedStage(
          new StorageException(StorageException.Kind.UNAVAILABLE, "no leader"));
    }
    var answer = new HashMap<>(logs);
    answer.keySet().retainAll(new HashSet<>(partitions));
    return rangesGate.thenApply(open -> answer);
  }

  @Override
  public void onAssigned(PartitionReader reader) {
    told.add("assigned " + reader.partition() + " at " + reader.startOffset());
    readers.put(reader.partition(), reader);
  }

  @Override
  public CompletionStage<Void> onRevoked(Set<Integer> partitions) {
    told.add("revoked " + partitions);
    return revocationGate;
  }

  @Override
  public void onLost(Set<Integer> partitions) {
    told.add("lost " + partitions);
  }

  @Override
  public void onSkipped(int partition, SkipReason reason, long records) {
    told.add("skipped " + partition + " " + reason + " " + records);
  }

  @Override
  public void onFailed(StorageException failure) {
    told.add("failed " + failure.kind());
  }
}
