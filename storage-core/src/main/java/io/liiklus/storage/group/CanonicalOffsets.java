package io.liiklus.storage.group;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Listener whose offsets, of positions and of clients, become those by which the log names its
 * records today ({@link RecordLogs#canonical}). Confined to the calls of its subscription.
 */
final class CanonicalOffsets implements SubscriptionListener {

  private final RecordLogs logs;
  private final SubscriptionListener listener;

  CanonicalOffsets(RecordLogs logs, SubscriptionListener listener) {
    this.logs = logs;
    this.listener = listener;
  }

  @Override
  public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
    return listener.resumeOffsets(partitions).thenApply(this::canonical);
  }

  @Override
  public CompletionStage<Map<Integer, Long>> storedOffsets(Set<Integer> partitions) {
    return listener.storedOffsets(partitions).thenApply(this::canonical);
  }

  private Map<Integer, Long> canonical(Map<Integer, Long> offsets) {
    var all = new HashMap<>(offsets);
    all.replaceAll((partition, offset) -> logs.canonical(offset));
    return all;
  }

  @Override
  public void onAssigned(PartitionReader reader) {
    listener.onAssigned(new Reader(logs, reader));
  }

  @Override
  public CompletionStage<Void> onRevoked(Set<Integer> partitions) {
    return listener.onRevoked(partitions);
  }

  @Override
  public void onLost(Set<Integer> partitions) {
    listener.onLost(partitions);
  }

  @Override
  public void onSkipped(int partition, SkipReason reason, long records) {
    listener.onSkipped(partition, reason, records);
  }

  @Override
  public void onFailed(StorageException failure) {
    listener.onFailed(failure);
  }

  /** Reader that is sought by any name of a record. Immutable. */
  private record Reader(RecordLogs logs, PartitionReader source) implements PartitionReader {

    @Override
    public int partition() {
      return source.partition();
    }

    @Override
    public long startOffset() {
      return source.startOffset();
    }

    @Override
    public CompletionStage<RecordBatch> read() {
      return source.read();
    }

    @Override
    public void seek(long offset) {
      source.seek(logs.canonical(offset));
    }

    @Override
    public CompletionStage<OffsetRange> range() {
      return source.range();
    }

    @Override
    public boolean hasRecords() {
      return source.hasRecords();
    }
  }
}
