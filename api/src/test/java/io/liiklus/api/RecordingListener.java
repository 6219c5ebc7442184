package io.liiklus.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Keeps what a subscription tells. Answers at once, with nothing stored, unless told otherwise.
 * Thread-safe.
 */
public final class RecordingListener implements SubscriptionListener {

  /** One call of {@link SubscriptionListener#onSkipped}. */
  public record Skip(int partition, SkipReason reason, long records) {}

  private final Map<Integer, PartitionReader> held = new ConcurrentHashMap<>();
  private final List<PartitionReader> assigned = new CopyOnWriteArrayList<>();
  private final List<Set<Integer>> asked = new CopyOnWriteArrayList<>();
  private final List<Set<Integer>> revoked = new CopyOnWriteArrayList<>();
  private final List<Set<Integer>> lost = new CopyOnWriteArrayList<>();
  private final List<Skip> skips = new CopyOnWriteArrayList<>();
  private final List<StorageException> failures = new CopyOnWriteArrayList<>();
  private final List<String> overlaps = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isInCall = new AtomicBoolean();

  private volatile Function<Set<Integer>, CompletionStage<Map<Integer, Long>>> resume =
      partitions -> CompletableFuture.completedStage(Map.of());
  private volatile Function<Set<Integer>, CompletionStage<Void>> revocation =
      partitions -> CompletableFuture.completedStage(null);

  /** Answers every question for resume offsets from this map. */
  public RecordingListener resumeAt(Map<Integer, Long> offsets) {
    return resumeBy(partitions -> CompletableFuture.completedStage(offsets));
  }

  /** Answers every question for resume offsets with what the function makes of the partitions. */
  public RecordingListener resumeBy(
      Function<Set<Integer>, CompletionStage<Map<Integer, Long>>> answer) {
    resume = answer;
    return this;
  }

  /** Has a rebalance wait for what the function makes of the revoked partitions. */
  public RecordingListener revokeBy(Function<Set<Integer>, CompletionStage<Void>> answer) {
    revocation = answer;
    return this;
  }

  /** Where this member reads from now, by partition. */
  public Map<Integer, PartitionReader> held() {
    return held;
  }

  /** The reader this member has of a partition; null where it has none. */
  public PartitionReader reader(int partition) {
    return held.get(partition);
  }

  /** Every reader ever given, in order. */
  public List<PartitionReader> assigned() {
    return assigned;
  }

  /** The partitions of every question for resume offsets, in order. */
  public List<Set<Integer>> asked() {
    return asked;
  }

  /** Every partition that was ever revoked. */
  public Set<Integer> revoked() {
    var all = new TreeSet<Integer>();
    revoked.forEach(all::addAll);
    return all;
  }

  /** Every partition that was ever lost. */
  public Set<Integer> lost() {
    var all = new TreeSet<Integer>();
    lost.forEach(all::addAll);
    return all;
  }

  public List<Skip> skips() {
    return skips;
  }

  /** What went against the rules of the port, or ended the subscription. */
  public List<Object> faults() {
    var faults = new ArrayList<Object>(overlaps);
    faults.addAll(failures);
    return faults;
  }

  @Override
  public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
    enter("resumeOffsets");
    try {
      asked.add(Set.copyOf(partitions));
      return resume.apply(partitions);
    } finally {
      isInCall.set(false);
    }
  }

  @Override
  public void onAssigned(PartitionReader reader) {
    enter("onAssigned");
    assigned.add(reader);
    if (held.put(reader.partition(), reader) != null) {
      overlaps.add("partition " + reader.partition() + " was assigned while it was held");
    }
    isInCall.set(false);
  }

  @Override
  public CompletionStage<Void> onRevoked(Set<Integer> partitions) {
    enter("onRevoked");
    try {
      held.keySet().removeAll(partitions);
      revoked.add(Set.copyOf(partitions));
      return revocation.apply(partitions);
    } finally {
      isInCall.set(false);
    }
  }

  @Override
  public void onLost(Set<Integer> partitions) {
    enter("onLost");
    held.keySet().removeAll(partitions);
    lost.add(Set.copyOf(partitions));
    isInCall.set(false);
  }

  @Override
  public void onSkipped(int partition, SkipReason reason, long records) {
    enter("onSkipped");
    skips.add(new Skip(partition, reason, records));
    isInCall.set(false);
  }

  @Override
  public void onFailed(StorageException failure) {
    enter("onFailed");
    failures.add(failure);
    isInCall.set(false);
  }

  private void enter(String call) {
    if (!isInCall.compareAndSet(false, true)) {
      overlaps.add(call + " came while another call ran");
    }
  }
}
