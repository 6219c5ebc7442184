package io.liiklus.cli.records;

import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Brings what the source notifies of to the command's thread. Thread-safe. */
final class SourceListener implements SubscriptionListener {

  private final TopicCopy copy;
  private final Consumer<Runnable> tasks;
  private final Map<Integer, Long> resumeOffsets;

  /**
   * @param tasks runs one on the command's thread
   */
  SourceListener(TopicCopy copy, Consumer<Runnable> tasks, Map<Integer, Long> resumeOffsets) {
    this.copy = copy;
    this.tasks = tasks;
    this.resumeOffsets = Map.copyOf(resumeOffsets);
  }

  @Override
  public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
    return CompletableFuture.completedStage(resumeOffsets);
  }

  @Override
  public void onAssigned(PartitionReader reader) {
    tasks.accept(() -> copy.onAssigned(reader));
  }

  @Override
  public CompletionStage<Void> onRevoked(Set<Integer> partitions) {
    tasks.accept(copy::onTakenAway);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onLost(Set<Integer> partitions) {
    tasks.accept(copy::onTakenAway);
  }

  @Override
  public void onSkipped(int partition, SkipReason reason, long records) {
    tasks.accept(() -> copy.onSkipped(partition, reason, records));
  }

  @Override
  public void onFailed(StorageException failure) {
    tasks.accept(() -> copy.onSourceFailed(failure));
  }
}
