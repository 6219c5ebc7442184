package io.liiklus.storage.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.KafkaTestStorage;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.read.CommandQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitMirrorTest {

  private static final TopicPartition FIRST = new TopicPartition("topic", 0);
  private static final TopicPartition SECOND = new TopicPartition("topic", 1);

  private long clockNs;
  private final CommandQueue commands = new CommandQueue(() -> clockNs, () -> {});
  private final Map<Integer, Long> stored = new HashMap<>();
  private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
  private final List<String> calledBack = new ArrayList<>();

  /** What commits are answered with; null: they are stored. */
  private Exception refusal;

  private CompletableFuture<Void> readGate = CompletableFuture.completedFuture(null);
  private final KafkaGroups groups =
      new KafkaGroups(
          KafkaSettings.read(KafkaTestStorage.settings("127.0.0.1:1")),
          null,
          null,
          new StandingFaults(() -> clockNs));
  private final CommitMirror mirror =
      new CommitMirror(
          new Committing(),
          new SubscriptionRequest("topic", "group", AutoOffsetReset.EARLIEST),
          new Listener(),
          commands,
          groups,
          new Rebalances());

  @BeforeEach
  void start() {
    mirror.start();
  }

  @AfterEach
  void close() {
    groups.close();
  }

  @Test
  void changedPositions_areCommittedOnceASecond() {
    mirror.onPartitionsAssigned(List.of(FIRST, SECOND));
    stored.put(0, 5L);
    stored.put(7, 5L);
    round();
    assertThat(commits).containsExactly(Map.of(FIRST, ours(5)));

    round();
    stored.put(0, 3L);
    stored.put(1, 0L);
    commands.runDue();
    assertThat(commits).hasSize(1);
    round();
    assertThat(commits).hasSize(2).last().isEqualTo(Map.of(FIRST, ours(3), SECOND, ours(0)));
  }

  @Test
  void refusedCommit_isTriedAgain() {
    mirror.onPartitionsAssigned(List.of(FIRST));
    stored.put(0, 5L);
    refusal = new GroupAuthorizationException("group");
    round();
    refusal = null;
    round();
    round();

    assertThat(commits).containsExactly(Map.of(FIRST, ours(5)), Map.of(FIRST, ours(5)));
  }

  @Test
  void positionsThatCannotBeRead_areReadAgain() {
    mirror.onPartitionsAssigned(List.of(FIRST));
    stored.put(0, 5L);
    readGate = CompletableFuture.failedFuture(new IllegalStateException("as the test says"));
    round();
    readGate = CompletableFuture.completedFuture(null);
    round();

    assertThat(commits).containsExactly(Map.of(FIRST, ours(5)));
  }

  @Test
  void readThatIsUnderWay_isWaitedForAndCountsForWhatIsStillHeld() {
    mirror.onPartitionsAssigned(List.of(FIRST, SECOND));
    stored.putAll(Map.of(0, 5L, 1, 6L));
    readGate = new CompletableFuture<>();
    round();
    round();
    mirror.onPartitionsLost(List.of(FIRST));
    readGate.complete(null);
    commands.runDue();

    assertThat(commits).containsExactly(Map.of(SECOND, ours(6)));
  }

  @Test
  void revokedPartitions_areCommittedOnceMore() {
    mirror.onPartitionsAssigned(List.of(FIRST, SECOND));
    stored.putAll(Map.of(0, 5L, 1, 6L));
    round();
    stored.putAll(Map.of(0, 7L, 1, 8L));
    mirror.onPartitionsRevoked(List.of(FIRST));

    assertThat(commits).hasSize(2).last().isEqualTo(Map.of(FIRST, ours(7)));
    round();
    assertThat(commits).last().isEqualTo(Map.of(SECOND, ours(8)));
    assertThat(calledBack).containsExactly("assigned", "revoked");
  }

  @Test
  void partitionThatComesBack_isCommittedAnew() {
    mirror.onPartitionsAssigned(List.of(FIRST));
    stored.put(0, 5L);
    round();
    mirror.onPartitionsLost(List.of(FIRST));
    round();
    mirror.onPartitionsAssigned(List.of(FIRST));
    round();

    assertThat(commits).containsExactly(Map.of(FIRST, ours(5)), Map.of(FIRST, ours(5)));
  }

  private static OffsetAndMetadata ours(long offset) {
    return new OffsetAndMetadata(offset, "liiklus");
  }

  /** As long as it is between two rounds; then what the first left for the loop. */
  private void round() {
    clockNs += CommitMirror.INTERVAL.toNanos();
    commands.runDue();
    commands.runDue();
  }

  /** Keeps what it is to commit. */
  private final class Committing extends MockConsumer<byte[], byte[]> {
    private Committing() {
      super("none");
    }

    @Override
    public synchronized void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
      commits.add(offsets);
      callback.onComplete(offsets, refusal);
    }
  }

  /** The callbacks that come first. */
  private final class Rebalances implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
      calledBack.add("assigned");
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      calledBack.add("revoked");
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      calledBack.add("lost");
    }
  }

  /** Tells what is stored, when the test lets it. */
  private final class Listener implements SubscriptionListener {
    @Override
    public CompletionStage<Map<Integer, Long>> storedOffsets(Set<Integer> partitions) {
      return readGate.thenApply(
          open -> {
            var answer = new HashMap<>(stored);
            answer.keySet().retainAll(partitions);
            return answer;
          });
    }

    @Override
    public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onAssigned(PartitionReader reader) {}

    @Override
    public CompletionStage<Void> onRevoked(Set<Integer> partitions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onLost(Set<Integer> partitions) {}

    @Override
    public void onSkipped(int partition, SkipReason reason, long records) {}

    @Override
    public void onFailed(StorageException failure) {}
  }
}
