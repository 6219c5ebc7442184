package io.liiklus.storage.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The rings of the partitions that are read at their end, by any group of this process, and the
 * tail readers that fill them. Thread-safe.
 */
final class Rings {

  private final Map<Companions.Log, Ring> rings = new ConcurrentHashMap<>();
  private final List<TailReader> readers = new ArrayList<>();
  private final LongAdder moves = new LongAdder();
  private final Ring.Counts counts = new Ring.Counts(new LongAdder(), new LongAdder());

  /**
   * @param consumers opens one, which is in no group
   */
  Rings(
      int readerCount,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      TailReader.Bounds bounds,
      LongSupplier clockNs) {
    for (int i = 0; i < readerCount; i++) {
      readers.add(new TailReader(consumers, bounds, clockNs, this));
    }
  }

  void start() {
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).start("liiklus-tail-" + i);
    }
  }

  /** For a test that turns them by hand. */
  List<TailReader> readers() {
    return readers;
  }

  /** Null where the partition has none. */
  Ring find(TopicPartition id, Uuid topicId) {
    return rings.get(new Companions.Log(id, topicId));
  }

  /** The partition's ring, or a new one, which is filled from here on. */
  Ring open(TopicPartition id, Uuid topicId, LogPosition from) {
    var key = new Companions.Log(id, topicId);
    return rings.compute(
        key,
        (same, found) -> {
          if (found != null && !found.isDropped()) {
            if (found.isToBeginAt(from)) {
              reader(id).beginAt(found, from);
            }
            return found;
          }
          var ring = new Ring(id, from, counts);
          reader(id).open(ring, from, () -> rings.remove(key, ring));
          return ring;
        });
  }

  private TailReader reader(TopicPartition id) {
    return readers.get(Math.floorMod(id.hashCode(), readers.size()));
  }

  /** Counts that a group went from a catch-up reader into a ring. */
  void onMoved() {
    moves.increment();
  }

  long moves() {
    return moves.sum();
  }

  /** How many records were taken out, by all followers. */
  long taken() {
    return counts.taken().sum();
  }

  /** How many records were put in. */
  long fetched() {
    return counts.fetched().sum();
  }

  int count() {
    return rings.size();
  }

  /** About how many bytes of records they hold. */
  long bytes() {
    return rings.values().stream().mapToLong(Ring::bytes).sum();
  }

  void close() {
    readers.forEach(TailReader::close);
  }
}
