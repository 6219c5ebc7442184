package io.liiklus.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.CoordinationStore;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.group.LocalCoordinationStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of members when their gateway is taken for dead, and when one of them fails. */
class GroupedGatewayTest {

  private static final MemorySettings SETTINGS =
      new MemorySettings(2, 10, 1 << 20, 1 << 10, GroupTimes.SHORT);

  private final NotedStore store = new NotedStore();
  private final RecordsStorage storage = SETTINGS.start(new MemoryLogs(SETTINGS), store);
  private final RecordingListener first = new RecordingListener();
  private final RecordingListener second = new RecordingListener();

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void expelledGateway_losesItsPartitionsAndJoinsAnew() throws Exception {
    publish();
    join(first);
    awaitHeld(first, 2);
    var lost = first.reader(0).read();

    store.removeGateways();

    await().until(() -> first.lost().size() == 2);
    assertThat(failureOf(lost)).isEqualTo(Kind.LOST);
    awaitHeld(first, 2);
    publish();
    var read = first.reader(0).read().toCompletableFuture();
    assertThat(read.get(10, TimeUnit.SECONDS).size()).isPositive();
    assertThat(first.revoked()).isEmpty();
  }

  @Test
  void refusedPositions_endTheSubscriptionAndLeaveTheGroup() {
    publish();
    first.resumeBy(
        partitions ->
            CompletableFuture.failedStage(new StorageException(Kind.REFUSED, "not yours")));
    var failed = join(first);
    await().until(() -> !first.faults().isEmpty());

    join(second);

    awaitHeld(second, 2);
    assertThat(failed.close()).succeedsWithin(Duration.ofSeconds(5));
    assertThat(first.revoked()).isEmpty();
    assertThat(first.lost()).isEmpty();
  }

  @Test
  void faultOfAListener_endsItsOwnSubscriptionOnly() {
    publish();
    join(second);
    awaitHeld(second, 2);
    first.resumeBy(
        partitions -> {
          throw new IllegalStateException("a fault of the test");
        });

    join(first);

    await().until(() -> !first.faults().isEmpty());
    awaitHeld(second, 2);
    assertThat(second.faults()).isEmpty();
  }

  private Subscription join(RecordingListener listener) {
    return storage.subscribe(
        new SubscriptionRequest("topic", "group", AutoOffsetReset.LATEST), listener);
  }

  private void publish() {
    for (int i = 0; i < 2; i++) {
      var record = new RecordToPublish("topic", null, new byte[1], List.of());
      assertThat(storage.publish(record, Duration.ofSeconds(1))).isCompleted();
    }
  }

  private static void awaitHeld(RecordingListener listener, int partitions) {
    await().untilAsserted(() -> assertThat(listener.held()).hasSize(partitions));
  }

  private static Kind failureOf(CompletionStage<?> stage) {
    return Failures.kindOf(stage);
  }

  /** A store that knows the rows of gateways. */
  private static final class NotedStore implements CoordinationStore {

    private final LocalCoordinationStore rows = new LocalCoordinationStore(100);
    private final Set<String> gateways = ConcurrentHashMap.newKeySet();

    void removeGateways() {
      var found = rows.read(Set.copyOf(gateways)).toCompletableFuture().join();
      found.forEach((key, row) -> assertThat(replace(key, row.version(), null)).isCompleted());
    }

    @Override
    public CompletionStage<Map<String, Row>> read(Set<String> keys) {
      return rows.read(keys);
    }

    @Override
    public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
      if (key.startsWith("n/")) {
        gateways.add(key);
      }
      return rows.replace(key, version, value);
    }
  }
}
