package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.PartitionAck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Acks of one Consume that are to be sent: of each partition a position, and single records behind
 * it. Confined to the loop.
 */
final class PendingAcks {

  private static final class OfPartition {
    private long upTo = -1;
    private final List<Long> alone = new ArrayList<>();
  }

  private final Map<Integer, OfPartition> partitions = new TreeMap<>();

  private OfPartition of(int partition) {
    return partitions.computeIfAbsent(partition, none -> new OfPartition());
  }

  void upTo(int partition, long position) {
    of(partition).upTo = position;
  }

  void alone(int partition, long offset) {
    of(partition).alone.add(offset);
  }

  void remove(int partition) {
    partitions.remove(partition);
  }

  boolean isEmpty() {
    return partitions.isEmpty();
  }

  /** Takes what there is; records that the position has reached meanwhile are not named. */
  List<PartitionAck> takeAll() {
    var all = new ArrayList<PartitionAck>(partitions.size());
    partitions.forEach(
        (partition, pending) -> {
          var ack = PartitionAck.newBuilder().setPartition(partition);
          if (pending.upTo >= 0) {
            ack.setUpTo(pending.upTo);
          }
          pending.alone.stream().filter(offset -> offset > pending.upTo).forEach(ack::addOffsets);
          all.add(ack.build());
        });
    partitions.clear();
    return all;
  }
}
