package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every records storage does, beyond the signatures. A storage's tests extend this; one open
 * storage may serve all of them, for each test keeps to topics and groups of its own. What a
 * storage is able to is said by its {@link RecordsStorageFixture}. Tests of writing, reading,
 * starting, ending and sharing are inherited; those here are of groups. Confined to the test's
 * thread.
 */
public abstract class RecordsStorageContract extends RecordsStorageSharingContract {

  private final String group = newName();

  @Test
  void onlyMember_isAssignedAllPartitions() {
    var listener = new RecordingListener();
    join(newTopic(4), group, AutoOffsetReset.EARLIEST, listener);
    awaitHeld(listener, 0, 1, 2, 3);
    assertThat(listener.assigned()).hasSize(4);
    assertThat(listener.revoked()).isEmpty();
  }

  @Test
  void twoMembers_shareThePartitions() {
    var topic = newTopic(4);
    var first = new RecordingListener();
    var second = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, first);
    awaitHeld(first, 0, 1, 2, 3);

    join(topic, group, AutoOffsetReset.EARLIEST, second);

    awaitShared(Set.of(0, 1, 2, 3), first, second);
    assertThat(first.lost()).isEmpty();
  }

  @Test
  void eachRecord_isReadByOneMember() {
    var topic = newTopic(2);
    var keys = keysOf(topic, 2);
    var first = new RecordingListener();
    var second = new RecordingListener();
    join(topic, group, AutoOffsetReset.LATEST, first);
    join(topic, group, AutoOffsetReset.LATEST, second);
    awaitShared(Set.of(0, 1), first, second);

    var reads = new ArrayList<CompletionStage<RecordBatch>>();
    Stream.of(first, second)
        .flatMap(member -> member.held().values().stream())
        .forEach(reader -> reads.add(reader.read()));
    keys.forEach((partition, key) -> publish(topic, key, "for " + partition));

    assertThat(reads.stream().flatMap(read -> values(get(read)).stream()))
        .containsExactlyInAnyOrder("for 0", "for 1");
  }

  @Test
  void groups_doNotDisturbEachOther() {
    var topic = newTopic(2);
    var first = new RecordingListener();
    var second = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, first);
    join(topic, newName(), AutoOffsetReset.EARLIEST, second);
    awaitHeld(first, 0, 1);
    awaitHeld(second, 0, 1);
    assertThat(first.revoked()).isEmpty();
  }

  @Test
  void membersOfOneGroup_mayReadDifferentTopics() {
    var first = new RecordingListener();
    var second = new RecordingListener();
    join(newTopic(2), group, AutoOffsetReset.EARLIEST, first);
    join(newTopic(3), group, AutoOffsetReset.EARLIEST, second);
    awaitHeld(first, 0, 1);
    awaitHeld(second, 0, 1, 2);
  }

  @Test
  void leavingMember_givesItsPartitionsToTheOther() {
    var topic = newTopic(4);
    var first = new RecordingListener();
    var second = new RecordingListener();
    var leaving = join(topic, group, AutoOffsetReset.EARLIEST, first);
    join(topic, group, AutoOffsetReset.EARLIEST, second);
    awaitShared(Set.of(0, 1, 2, 3), first, second);

    get(leaving.close());

    awaitHeld(second, 0, 1, 2, 3);
  }

  @Test
  void leavingMembers_areRevokedAndTheirReadsClosed() {
    var topic = newTopic(2);
    var listener = new RecordingListener();
    var subscription = join(topic, group, AutoOffsetReset.EARLIEST, listener);
    awaitHeld(listener, 0, 1);
    var readers = List.copyOf(listener.held().values());
    var open = readers.get(0).read();

    get(subscription.close());

    assertThat(failureOf(open)).isEqualTo(Kind.CLOSED);
    assertThat(failureOf(readers.get(1).read())).isEqualTo(Kind.CLOSED);
    assertThat(listener.revoked()).containsExactly(0, 1);
    assertThat(listener.lost()).isEmpty();
  }

  @Test
  void secondClose_changesNothing() {
    var listener = new RecordingListener();
    var subscription = join(newTopic(1), group, AutoOffsetReset.EARLIEST, listener);
    awaitHeld(listener, 0);
    get(subscription.close());
    get(subscription.close());
    assertThat(listener.revoked()).containsExactly(0);
  }

  @Test
  void subscription_closesBeforeItsTopicExists() {
    var subscription = join(newName(), group, AutoOffsetReset.EARLIEST, new RecordingListener());
    get(subscription.close());
  }

  @Test
  void revocation_endsTheReads() {
    var topic = newTopic(2);
    var first = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, first);
    awaitHeld(first, 0, 1);
    var readers = Map.copyOf(first.held());
    var reads = Map.of(0, readers.get(0).read(), 1, readers.get(1).read());

    var second = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, second);
    awaitShared(Set.of(0, 1), first, second);

    int moved = second.held().keySet().iterator().next();
    assertThat(failureOf(reads.get(moved))).isEqualTo(Kind.REVOKED);
    assertThat(failureOf(readers.get(moved).read())).isEqualTo(Kind.REVOKED);
  }

  @Test
  void partition_isHandedOverOnceItsRevocationIsAnswered() {
    var topic = newTopic(2);
    var dealtWith = new CompletableFuture<Void>();
    var first = new RecordingListener().revokeBy(partitions -> dealtWith);
    join(topic, group, AutoOffsetReset.EARLIEST, first);
    awaitHeld(first, 0, 1);
    // Nothing is free: whatever the second member asks for was the first one's.
    var askedInTime = new CopyOnWriteArrayList<Boolean>();
    var second =
        new RecordingListener()
            .resumeBy(
                partitions -> {
                  askedInTime.add(dealtWith.isDone());
                  return CompletableFuture.completedStage(Map.of());
                });
    join(topic, group, AutoOffsetReset.EARLIEST, second);
    eventually().until(() -> !first.revoked().isEmpty());

    dealtWith.complete(null);

    awaitShared(Set.of(0, 1), first, second);
    assertThat(askedInTime).isNotEmpty().doesNotContain(false);
  }

  @Test
  void unansweredRevocation_delaysTheHandOverByItsBoundOnly() {
    var topic = newTopic(2);
    var first = new RecordingListener().revokeBy(partitions -> new CompletableFuture<>());
    var second = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, first);
    awaitHeld(first, 0, 1);

    join(topic, group, AutoOffsetReset.EARLIEST, second);

    awaitShared(Set.of(0, 1), first, second);
  }

  @Test
  void answer_countsForItsOwnAssignmentOnly() {
    var topic = newTopic(2);
    var keys = keysOf(topic, 2);
    var late = new CompletableFuture<Map<Integer, Long>>();
    var first = new RecordingListener();
    first.resumeBy(
        partitions ->
            first.asked().size() == 1 ? late : CompletableFuture.completedStage(Map.of()));
    join(topic, group, AutoOffsetReset.EARLIEST, first);
    eventually().until(() -> !first.asked().isEmpty());
    var second = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, second);
    eventually().until(() -> second.held().size() == 1);
    int moved = second.held().keySet().iterator().next();

    late.complete(Map.of(0, rangeOf(topic, 0).end(), 1, rangeOf(topic, 1).end()));

    awaitHeld(first, 1 - moved);
    assertThat(first.assigned()).extracting(PartitionReader::partition).doesNotContain(moved);
    assertThat(text(get(second.reader(moved).read()).key(0))).isEqualTo(keys.get(moved));
  }

  @Test
  void answerAfterClose_isIgnored() {
    var topic = newTopic(1);
    var late = new CompletableFuture<Map<Integer, Long>>();
    var listener = new RecordingListener().resumeBy(partitions -> late);
    var subscription = join(topic, group, AutoOffsetReset.EARLIEST, listener);
    eventually().until(() -> !listener.asked().isEmpty());

    get(subscription.close());
    late.complete(Map.of());

    joinAlone(topic, new RecordingListener());
    assertThat(listener.assigned()).isEmpty();
  }

  @Test
  void membersThatComeAndGo_leaveNoPartitionBehind() {
    var topic = newTopic(3);
    var staying = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, staying);
    for (int i = 0; i < 3; i++) {
      var passing = new RecordingListener();
      var subscription = join(topic, group, AutoOffsetReset.EARLIEST, passing);
      awaitShared(Set.of(0, 1, 2), staying, passing);
      get(subscription.close());
      awaitHeld(staying, 0, 1, 2);
    }
    var keys = keysOf(topic, 3);
    for (var reader : staying.held().values()) {
      assertThat(text(get(reader.read()).key(0))).isEqualTo(keys.get(reader.partition()));
    }
  }
}
