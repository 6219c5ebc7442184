package io.liiklus.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.SubscriptionListener.SkipReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;

/**
 * What the contract tests of a records storage stand on: what a storage has to offer to them, and
 * the verbs they are written in. Confined to the test's thread.
 */
public abstract class RecordsStorageFixture {

  /** How long anything may take that needs no more than the storage itself. */
  protected static final Duration WAIT = Duration.ofSeconds(30);

  /** How long a storage may take to notice partitions that were added behind its back. */
  protected static final Duration WAIT_FOR_METADATA = Duration.ofSeconds(90);

  /** How long a gateway may take to notice that another one died. */
  protected static final Duration WAIT_FOR_DEATH = Duration.ofSeconds(60);

  /** How many keys are tried to reach every partition. */
  private static final int MAX_KEYS = 1000;

  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<RecordingListener> listeners = new ArrayList<>();

  /** The same one during a test; it is not closed by the tests. */
  protected abstract RecordsStorage storage();

  /** Returns once records can be published to the new topic. */
  protected abstract void createTopic(String topic, int partitions);

  /** Returns once the topic has that many partitions in all. */
  protected abstract void addPartitions(String topic, int total);

  /** Has the log give up its records up to this one, itself included, as retention does. */
  protected abstract void deleteRecords(String topic, int partition, long last);

  /** Ends the log of a partition for good; only where {@link #endsPartitions}. */
  protected void endPartition(String topic, int partition) {
    throw new UnsupportedOperationException();
  }

  /** Whether a topic springs up when it is first published to. */
  protected abstract boolean createsTopics();

  /** Whether the offsets of a partition begin at 0 and have no gaps. */
  protected abstract boolean isDense();

  /** Whether {@link #deleteRecords} can be asked for. */
  protected abstract boolean trims();

  /** Whether {@link #addPartitions} can be asked for. */
  protected abstract boolean addsPartitions();

  /** Whether the log of a partition may end. */
  protected boolean endsPartitions() {
    return false;
  }

  /**
   * Another gateway on the same backend, the same one during a test; it is not closed by the tests.
   * Empty where the log is this process's own.
   */
  protected Optional<RecordsStorage> second() {
    return Optional.empty();
  }

  /** A gateway on the same backend that dies; empty where the fixture offers none. */
  protected Optional<MortalGateway> mortal() {
    return Optional.empty();
  }

  /**
   * A gateway that can die.
   *
   * @param abandon ends it without leaving its groups, as a crash does
   */
  public record MortalGateway(RecordsStorage storage, Runnable abandon) {}

  @AfterEach
  final void leaveEveryGroup() {
    subscriptions.forEach(subscription -> get(subscription.close()));
    listeners.forEach(listener -> assertThat(listener.faults()).isEmpty());
  }

  /** A topic's name that nobody else uses. */
  protected static String newName() {
    return "contract-" + UUID.randomUUID();
  }

  /** Creates a topic that nobody else uses. */
  protected final String newTopic(int partitions) {
    var topic = newName();
    createTopic(topic, partitions);
    return topic;
  }

  protected final Subscription join(
      String topic, String group, AutoOffsetReset reset, RecordingListener listener) {
    return join(storage(), new SubscriptionRequest(topic, group, reset), listener);
  }

  protected final Subscription join(
      RecordsStorage gateway, SubscriptionRequest request, RecordingListener listener) {
    listeners.add(listener);
    var subscription = gateway.subscribe(request, listener);
    subscriptions.add(subscription);
    return subscription;
  }

  /** Joins a group of its own at the start of the log, and waits for partition 0. */
  protected final PartitionReader joinAlone(String topic, RecordingListener listener) {
    join(topic, newName(), AutoOffsetReset.EARLIEST, listener);
    return awaitReader(listener, 0);
  }

  protected final PublishedRecord publish(String topic, String key, String value) {
    return get(send(topic, key, value));
  }

  /** Publishes values "0", "1" … to a topic of one partition; their offsets. */
  protected final List<Long> publishNumbers(String topic, int count) {
    var sent = new ArrayList<CompletionStage<PublishedRecord>>();
    for (int i = 0; i < count; i++) {
      sent.add(send(topic, null, Integer.toString(i)));
    }
    return sent.stream().map(published -> get(published).offset()).toList();
  }

  protected final CompletionStage<PublishedRecord> send(String topic, String key, String value) {
    return send(new RecordToPublish(topic, bytes(key), bytes(value), List.of()));
  }

  protected final CompletionStage<PublishedRecord> send(RecordToPublish record) {
    return storage().publish(record, WAIT);
  }

  /**
   * For every partition the key of the first record that is there; publishes one or more to each.
   */
  protected final Map<Integer, String> keysOf(String topic, int partitions) {
    var keys = new TreeMap<Integer, String>();
    for (int i = 0; keys.size() < partitions; i++) {
      assertThat(i).as("keys tried to reach %s partitions", partitions).isLessThan(MAX_KEYS);
      keys.putIfAbsent(publish(topic, "key-" + i, "to find its partition").partition(), "key-" + i);
    }
    return keys;
  }

  protected static ConditionFactory eventually() {
    return await().atMost(WAIT).pollInterval(Duration.ofMillis(10));
  }

  protected static PartitionReader awaitReader(RecordingListener listener, int partition) {
    eventually()
        .until(() -> listener.held().containsKey(partition) || !listener.faults().isEmpty());
    assertThat(listener.faults()).isEmpty();
    return listener.reader(partition);
  }

  protected static void awaitHeld(RecordingListener listener, Integer... partitions) {
    eventually()
        .untilAsserted(() -> assertThat(listener.held()).containsOnlyKeys(List.of(partitions)));
  }

  /** Waits until each member holds something, and each partition is held once. */
  protected static void awaitShared(Set<Integer> partitions, RecordingListener... members) {
    eventually()
        .untilAsserted(
            () -> {
              var all = new HashSet<Integer>();
              for (var member : members) {
                assertThat(member.held()).isNotEmpty();
                for (var partition : member.held().keySet()) {
                  assertThat(all.add(partition)).as("one owner of %s", partition).isTrue();
                }
              }
              assertThat(all).isEqualTo(partitions);
            });
  }

  /** What the log of a partition holds, as readers see it. */
  protected final OffsetRange rangeOf(String topic, int partition) {
    return get(storage().endOffsets(topic)).get(partition);
  }

  /** Partition 0 told of one loss; of how many records, it may not know where there are gaps. */
  protected final void assertSkipped(RecordingListener listener, SkipReason reason, long records) {
    assertThat(listener.skips()).hasSize(1);
    var skip = listener.skips().get(0);
    assertThat(skip.partition()).isZero();
    assertThat(skip.reason()).isEqualTo(reason);
    if (isDense() || skip.records() != SubscriptionListener.UNKNOWN_COUNT) {
      assertThat(skip.records()).isEqualTo(records);
    }
  }

  /** Reads until there are this many records; their values. */
  protected static List<String> readValues(PartitionReader reader, int count) {
    return readAll(reader, count).stream().flatMap(batch -> values(batch).stream()).toList();
  }

  /** Reads until there are this many records, or more. */
  protected static List<RecordBatch> readAll(PartitionReader reader, int count) {
    var batches = new ArrayList<RecordBatch>();
    for (int read = 0; read < count; ) {
      var batch = get(reader.read());
      assertThat(batch.size()).isPositive();
      batches.add(batch);
      read += batch.size();
    }
    return batches;
  }

  /** Reads until nothing is left below this end. */
  protected static List<RecordBatch> readTo(PartitionReader reader, long end) {
    var batches = new ArrayList<RecordBatch>();
    for (long next = 0; next < end; ) {
      var batch = get(reader.read());
      batches.add(batch);
      next = Offsets.next(batch.offset(batch.size() - 1));
    }
    return batches;
  }

  protected static List<String> values(RecordBatch batch) {
    var values = new ArrayList<String>();
    for (int i = 0; i < batch.size(); i++) {
      values.add(text(batch.value(i)));
    }
    return values;
  }

  protected static List<Long> offsets(RecordBatch batch) {
    var offsets = new ArrayList<Long>();
    for (int i = 0; i < batch.size(); i++) {
      offsets.add(batch.offset(i));
    }
    return offsets;
  }

  protected static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  protected static String text(ByteBuffer bytes) {
    return bytes == null ? null : UTF_8.decode(bytes.duplicate()).toString();
  }

  /** What the stage completes with, within the bound. */
  protected static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not complete within " + WAIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** What the stage fails with, within the bound. */
  protected static StorageException.Kind failureOf(CompletionStage<?> stage) {
    return get(
        stage.handle(
            (value, failure) -> {
              assertThat(failure).as("failure in place of %s", value).isNotNull();
              return StorageException.of(failure).kind();
            }));
  }
}
