package io.liiklus.storage.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Pauses the partitions whose hand-off is full and resumes those that have room again, as an
 * idempotent difference: so no rebalance can leave one stuck. Confined to the poll thread.
 *
 * <h2>Idle neighbours</h2>
 *
 * A consumer has one fetch under way at each broker. While a partition is paused the next fetch is
 * for its idle neighbours alone, waits at the broker for records to come ({@code
 * fetch.max.wait.ms}), and what is resumed meanwhile waits for it. So when a partition gets full
 * its idle neighbours are paused with it, for a moment: who reads fast has then made room, and the
 * next fetch is for all of them. Neighbours that have records of their own are not held: their
 * fetch does not wait.
 */
final class PartitionPauses {

  private final Consumer<?, ?> consumer;
  private final long longestHoldNs;

  /**
   * @param longestHold how long idle partitions are held for one that got full
   */
  PartitionPauses(Consumer<?, ?> consumer, Duration longestHold) {
    this.consumer = consumer;
    this.longestHoldNs = longestHold.toNanos();
  }

  /** Returns how long idle partitions are to be held from now on; 0 where they are not. */
  long apply(Collection<AssignedPartition> partitions, long nowNs) {
    long heldNs = holdNs(partitions, nowNs);
    pauseThose(partitions, partition -> !partition.isReadable() || partition.isFull || heldNs > 0);
    return heldNs;
  }

  /** Pauses these and no others. */
  void pauseThose(
      Collection<AssignedPartition> partitions, Predicate<AssignedPartition> isToPause) {
    List<TopicPartition> toPause = null;
    List<TopicPartition> toResume = null;
    for (var partition : partitions) {
      boolean wantPaused = isToPause.test(partition);
      if (wantPaused == partition.isPaused) {
        continue;
      }
      partition.isPaused = wantPaused;
      if (wantPaused) {
        toPause = plus(toPause, partition.id);
      } else {
        toResume = plus(toResume, partition.id);
      }
    }
    if (toPause != null) {
      consumer.pause(toPause);
    }
    if (toResume != null) {
      consumer.resume(toResume);
    }
  }

  private long holdNs(Collection<AssignedPartition> partitions, long nowNs) {
    long holdNs = 0;
    boolean isNeighbourBusy = false;
    for (var partition : partitions) {
      boolean isFull = partition.handOff != null && partition.handOff.updateFull();
      if (isFull && !partition.isFull) {
        partition.fullSinceNs = nowNs;
      }
      partition.isFull = isFull;
      if (isFull) {
        holdNs = Math.max(holdNs, partition.fullSinceNs + longestHoldNs - nowNs);
      } else if (partition.isFilled && nowNs - partition.filledAtNs < longestHoldNs) {
        isNeighbourBusy = true;
      }
    }
    return isNeighbourBusy ? 0 : holdNs;
  }

  private static List<TopicPartition> plus(List<TopicPartition> list, TopicPartition id) {
    var grown = list == null ? new ArrayList<TopicPartition>() : list;
    grown.add(id);
    return grown;
  }
}
