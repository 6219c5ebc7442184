package io.liiklus.server.grpc.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The partitions of a Consume. They take turns: the one behind the last that was sent from is the
 * next, so that none has the transport for itself. Confined to the call's event loop.
 */
final class ConsumedPartitions {

  private final Consumption consumption;
  private final TreeMap<Integer, ConsumedPartition> partitions = new TreeMap<>();

  /** The partition that was sent from last. */
  private int lastTurn = -1;

  private boolean isCopyTimed;

  ConsumedPartitions(Consumption consumption) {
    this.consumption = consumption;
  }

  /** Null where it is not held. */
  ConsumedPartition get(int number) {
    return partitions.get(number);
  }

  void add(ConsumedPartition partition) {
    partitions.put(partition.number(), partition);
  }

  /** Without effect where another assignment has taken its place. */
  void remove(ConsumedPartition partition) {
    partitions.remove(partition.number(), partition);
  }

  void clear() {
    partitions.clear();
  }

  boolean isEmpty() {
    return partitions.isEmpty();
  }

  /** Those that are held now. */
  List<ConsumedPartition> all() {
    return List.copyOf(partitions.values());
  }

  /** Sends what is there, as far as the transport takes it. */
  void pump() {
    if (partitions.isEmpty() || !consumption.replies().isReady()) {
      return;
    }
    var turns = new ArrayList<>(partitions.tailMap(lastTurn, false).values());
    turns.addAll(partitions.headMap(lastTurn, true).values());
    for (var partition : turns) {
      if (!consumption.replies().isReady()) {
        return;
      }
      lastTurn = partition.number();
      partition.pump();
    }
  }

  /** Something is out: it is looked after what is out for long, until nothing is. */
  void onUnacked() {
    if (!isCopyTimed) {
      isCopyTimed = true;
      var unused = consumption.loop().schedule(this::copyOld, copyAfterNs(), TimeUnit.NANOSECONDS);
    }
  }

  private long copyAfterNs() {
    return consumption.pumpContext().copyAfter().toNanos();
  }

  private void copyOld() {
    isCopyTimed = false;
    long limitNs = System.nanoTime() - copyAfterNs();
    boolean isOut = false;
    for (var partition : partitions.values()) {
      isOut |= partition.copyOlderThan(limitNs);
    }
    if (isOut) {
      onUnacked();
    }
  }
}
