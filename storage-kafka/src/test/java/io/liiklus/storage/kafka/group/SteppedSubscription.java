package io.liiklus.storage.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.group.AssignedPartitions;
import io.liiklus.storage.group.GroupSettings;
import io.liiklus.storage.group.LogRanges;
import io.liiklus.storage.group.StartOffsets;
import io.liiklus.storage.kafka.KafkaTestStorage;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.read.LogConsumer;
import io.liiklus.storage.kafka.read.SteppedLogReaders;
import io.liiklus.storage.read.CommandQueue;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.LogRange;
import io.liiklus.storage.read.ReadSettings;
import io.liiklus.storage.read.SteppedReading;
import io.liiklus.storage.read.SteppedReads;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A member of a group, with a tail reader and catch-up readers, that a test turns by hand over logs
 * of its own. Positions and log ranges are answered when the test says so. Confined to the test's
 * thread.
 */
final class SteppedSubscription implements SubscriptionListener, LogRanges {

  static final String TOPIC = "topic";
  static final int PREFETCH_BYTES = 1_000;
  static final int CACHE_BYTES = 1_000;
  static final Duration COPY = SteppedReading.COPY;
  static final Duration LINGER = SteppedReading.LINGER;
  static final Duration REVOKE = Duration.ofMillis(50);
  static final Duration TOPIC_CHECK = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofNanos(1);
  private static final int CATCH_UP_READERS = 2;

  /** What a consumer has to wait for a server to tell or to do. */
  private static final Set<String> WAITED_FOR =
      Set.of(
          "position",
          "committed",
          "commitSync",
          "offsetsForTimes",
          "beginningOffsets",
          "endOffsets",
          "partitionsFor",
          "listTopics");

  /** How many rounds a reader has in each turn. */
  private static final int ROUNDS = 6;

  /** Turned by hand, and in each round by as much as a retry waits. */
  long clockNs;

  final MockConsumer<ByteBuffer, ByteBuffer> member = new MockConsumer<>("none");
  final Map<TopicPartition, LogConsumer.Log> logs = new HashMap<>();
  LogConsumer tail = new LogConsumer(logs, new ArrayDeque<>());
  final List<LogConsumer> catchUps = new ArrayList<>();

  /** What the next polls of catch-up readers fail with. */
  final Queue<Throwable> catchUpFailures = new ArrayDeque<>();

  final StandingFaults faults = new StandingFaults(() -> clockNs);
  final SteppedReading reading;
  final List<String> told = new ArrayList<>();
  final Map<Integer, PartitionReader> readers = new HashMap<>();
  final Map<Integer, Long> resumes = new HashMap<>();

  /** Another one when the topic was made anew. */
  String topicId = Uuid.randomUuid().toString();

  /** Partitions of which no broker can tell anything. */
  final Set<Integer> leaderless = new HashSet<>();

  /** Set one to have a look-up answered later. */
  CompletableFuture<Void> positionsGate = CompletableFuture.completedFuture(null);

  CompletableFuture<Void> topicIdGate = CompletableFuture.completedFuture(null);
  CompletableFuture<Void> rangesGate = CompletableFuture.completedFuture(null);
  CompletableFuture<Void> revocationGate = CompletableFuture.completedFuture(null);

  /** What was waited for within a turn, and how long at the most. */
  record Wait(CompletableFuture<?> awaited, Duration longest) {}

  final List<Wait> waits = new ArrayList<>();

  private final CommandQueue commands = new CommandQueue(() -> clockNs, () -> {});
  final GroupMembership loop;

  SteppedSubscription(AutoOffsetReset reset, int initialPartitionCount) {
    this(reset, initialPartitionCount, false);
  }

  SteppedSubscription(AutoOffsetReset reset, int initialPartitionCount, boolean skipsUnreadable) {
    reading =
        new SteppedReading(
            new ReadSettings(
                PREFETCH_BYTES,
                1,
                CACHE_BYTES,
                10 * CACHE_BYTES,
                CATCH_UP_READERS,
                10 * CACHE_BYTES,
                100),
            new SteppedLogReaders(this::openTail, this::openCatchUp, faults),
            Duration.ZERO,
            () -> clockNs);
    var settings =
        KafkaSettings.read(
            KafkaTestStorage.settings("127.0.0.1:1")
                .with("revokeTimeout", REVOKE.toMillis() + "ms")
                .with("closeTimeout", "1ms"));
    var request = new SubscriptionRequest(TOPIC, "group", reset);
    var firstLook = new StartOffsets.FirstLook(topicId, initialPartitionCount);
    var partitions =
        new AssignedPartitions(
            new StartOffsets(request, firstLook, this),
            this,
            reading.reading(),
            commands,
            new GroupSettings(RETRY, TOPIC_CHECK, skipsUnreadable));
    loop =
        new GroupMembership(
            withoutWaits(member), request, partitions, this::await, faults, settings);
    loop.subscribe();
  }

  /**
   * A rebalance, which is within a poll, must not wait for a server. Neither does anything else.
   */
  private static Consumer<?, ?> withoutWaits(Consumer<?, ?> consumer) {
    return (Consumer<?, ?>)
        Proxy.newProxyInstance(
            Consumer.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              if (WAITED_FOR.contains(method.getName())) {
                throw new AssertionError("the member waits for its consumer's " + method.getName());
              }
              try {
                return method.invoke(consumer, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  private LogConsumer openTail() {
    tail = tail.closed() ? new LogConsumer(logs, tail.failures) : tail;
    return tail;
  }

  /** No time passes within a turn: what is not done takes too long. */
  private void await(CompletableFuture<?> awaited, Duration longest) throws TimeoutException {
    waits.add(new Wait(awaited, longest));
    if (!awaited.isDone()) {
      throw new TimeoutException();
    }
  }

  private LogConsumer openCatchUp() {
    var opened = new LogConsumer(logs, catchUpFailures);
    catchUps.add(opened);
    return opened;
  }

  static TopicPartition id(int partition) {
    return new TopicPartition(TOPIC, partition);
  }

  /** What the brokers hold from now on, with no records that a reader would see. */
  LogConsumer.Log log(int partition, long start, long end) {
    var log = logs.computeIfAbsent(id(partition), id -> new LogConsumer.Log());
    log.start = start;
    log.end = end;
    log.records.headMap(start).clear();
    return log;
  }

  /** The consumer's partitions from now on; what changes is called back within the next round. */
  void assign(Integer... partitions) {
    var ids = Arrays.stream(partitions).map(SteppedSubscription::id).toList();
    member.schedulePollTask(() -> member.rebalance(ids));
    turn();
  }

  /** Enough rounds for what was left behind in one to be done in the next. */
  void turn() {
    for (int i = 0; i < 4; i++) {
      clockNs += RETRY.toNanos();
      turnMember();
      turnTail();
      turnCatchUps();
    }
  }

  void turnMember() {
    commands.endPoll();
    commands.runDue();
    loop.poll();
    commands.beginPoll(0);
  }

  void turnTail() {
    reading.turnTail(0);
  }

  /** Each reader has some rounds with its partition, or takes one. */
  void turnCatchUps() {
    for (int reader = reading.catchUps() - 1; reader >= 0; reader--) {
      for (int round = 0; round < ROUNDS; round++) {
        if (!reading.turnCatchUp(reader)) {
          break;
        }
      }
    }
  }

  /** Appends a record to the log. */
  void addRecord(int partition, long offset, int bytes) {
    add(partition, offset, ByteBuffer.allocate(bytes));
  }

  void add(int partition, long offset, ByteBuffer value) {
    var log = logs.get(id(partition));
    log.records.put(offset, LogConsumer.record(id(partition), offset, log.epoch, value));
    log.end = Math.max(log.end, offset + 1);
  }

  /** Reads these offsets of partition 0, one after the other, with a turn for each. */
  void expect(long... offsets) {
    var reader = readers.get(0);
    for (long offset : offsets) {
      var read = reader.read();
      turn();
      assertThat(SteppedReads.offsets(read)).containsExactly(offset);
    }
  }

  /** Whether the group reads the partition from its tail cache. */
  boolean isAtTail(int partition) {
    return reading.isAtTail(new LogId(TOPIC, partition, topicId));
  }

  @Override
  public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
    told.add("asked " + partitions);
    var answer = new HashMap<>(resumes);
    answer.keySet().retainAll(partitions);
    return positionsGate.thenApply(open -> answer);
  }

  @Override
  public CompletionStage<String> incarnation(String topic) {
    return topicIdGate.thenApply(open -> topicId);
  }

  @Override
  public CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions) {
    if (partitions.stream().anyMatch(leaderless::contains)) {
      return CompletableFuture.failedStage(
          new StorageException(StorageException.Kind.UNAVAILABLE, "no leader"));
    }
    var answer = new HashMap<Integer, LogRange>();
    for (int partition : partitions) {
      var log = logs.get(id(partition));
      var end = new FetchPosition(log.end, log.epoch);
      answer.put(partition, new LogRange(new OffsetRange(log.start, log.end), end));
    }
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
