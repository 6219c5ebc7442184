package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.StorageException.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * What several gateways on one backend do together; skipped where the log is a process's own.
 * Confined to the test's thread.
 */
public abstract class RecordsStorageSharingContract extends RecordsStorageEndContract {

  private final String group = newName();
  private final RecordingListener here = new RecordingListener();
  private final RecordingListener there = new RecordingListener();

  @Test
  void twoGateways_shareOutThePartitions() {
    var topic = newSharedTopic(4);
    joinHere(topic);
    awaitHeld(here, 0, 1, 2, 3);

    joinThere(topic);

    awaitShared(Set.of(0, 1, 2, 3), here, there);
    assertThat(here.lost()).isEmpty();
  }

  @Test
  void recordsOfOneGateway_areReadByTheOther() {
    var topic = newSharedTopic(1);
    var record = new RecordToPublish(topic, null, bytes("value"), List.of());
    var published = get(other().publish(record, WAIT));

    var batch = get(joinAlone(topic, new RecordingListener()).read());

    assertThat(batch.offset(0)).isEqualTo(published.offset());
    assertThat(values(batch)).containsExactly("value");
    assertThat(get(other().endOffsets(topic))).isEqualTo(get(storage().endOffsets(topic)));
  }

  @Test
  void handOver_waitsUntilTheRevocationIsDealtWith() {
    var topic = newSharedTopic(2);
    var dealtWith = new CompletableFuture<Void>();
    here.revokeBy(partitions -> dealtWith);
    joinHere(topic);
    awaitHeld(here, 0, 1);
    var readers = Map.copyOf(here.held());
    // Nothing is free: whatever the other asks for was held here.
    var askedInTime = new CopyOnWriteArrayList<Boolean>();
    there.resumeBy(
        partitions -> {
          askedInTime.add(dealtWith.isDone());
          return CompletableFuture.completedStage(Map.of());
        });
    joinThere(topic);
    eventually().until(() -> !here.revoked().isEmpty());

    dealtWith.complete(null);

    awaitShared(Set.of(0, 1), here, there);
    assertThat(askedInTime).isNotEmpty().doesNotContain(false);
    int moved = there.held().keySet().iterator().next();
    assertThat(failureOf(readers.get(moved).read())).isEqualTo(Kind.REVOKED);
  }

  @Test
  void gatewayThatLeaves_givesItsPartitionsToTheOther() {
    var topic = newSharedTopic(4);
    joinHere(topic);
    var leaving = joinThere(topic);
    awaitShared(Set.of(0, 1, 2, 3), here, there);

    get(leaving.close());

    awaitHeld(here, 0, 1, 2, 3);
    assertThat(there.lost()).isEmpty();
  }

  @Test
  void gatewayThatDies_leavesItsPartitionsToTheOther() {
    assumeTrue(mortal().isPresent());
    var gateway = mortal().get();
    var topic = newTopic(4);
    joinHere(topic);
    join(gateway.storage(), request(topic), there);
    awaitShared(Set.of(0, 1, 2, 3), here, there);

    gateway.abandon().run();

    eventually().atMost(WAIT_FOR_DEATH).until(() -> here.held().size() == 4);
  }

  private String newSharedTopic(int partitions) {
    assumeTrue(second().isPresent());
    return newTopic(partitions);
  }

  private RecordsStorage other() {
    return second().orElseThrow();
  }

  private Subscription joinHere(String topic) {
    return join(storage(), request(topic), here);
  }

  private Subscription joinThere(String topic) {
    return join(other(), request(topic), there);
  }

  private SubscriptionRequest request(String topic) {
    return new SubscriptionRequest(topic, group, AutoOffsetReset.EARLIEST);
  }
}
