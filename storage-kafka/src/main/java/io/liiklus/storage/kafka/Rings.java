package io.liiklus.storage.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The rings of the partitions that are read at their end, by any group of this process, and the
 * tail readers that fill them. Thread-safe.
 */
final class Rings {

  /** For how long a group that got records counts as one that gets some. */
  private static final Duration SERVED = Duration.ofSeconds(5);

  private final Map<PartitionLog, Ring> rings = new ConcurrentHashMap<>();
  private final List<TailReader> readers = new ArrayList<>();
  private final LongAdder moves = new LongAdder();
  private final Ring.Counts counts = new Ring.Counts(new LongAdder(), new LongAdder());

  /** When a group got records last. */
  private volatile long servedNs;

  /**
   * @param consumers opens one, which is in no group
   */
  Rings(
      int readerCount,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      TailReader.Bounds bounds,
      LongSupplier clockNs,
      StandingFaults faults) {
    servedNs = clockNs.getAsLong() - SERVED.toNanos();
    for (int i = 0; i < readerCount; i++) {
      readers.add(new TailReader(consumers, bounds, clockNs, this, faults));
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

  /** Null where the log has none. */
  Ring find(PartitionLog log) {
    return rings.get(log);
  }

  /** The log's ring, or a new one, which is filled from here on. */
  Ring open(PartitionLog log, LogPosition from) {
    return rings.compute(
        log,
        (same, found) -> {
          if (found != null && !found.isDropped()) {
            if (found.isToBeginAt(from)) {
              reader(log).beginAt(found, from);
            }
            return found;
          }
          var ring = new Ring(log.id(), from, counts);
          reader(log).open(ring, from, () -> rings.remove(log, ring));
          return ring;
        });
  }

  private TailReader reader(PartitionLog log) {
    return readers.get(Math.floorMod(log.id().hashCode(), readers.size()));
  }

  /** Groups got records, of any ring. */
  void onServed(long nowNs) {
    servedNs = nowNs;
  }

  /** Whether groups get records, at this time. */
  boolean isServed(long nowNs) {
    return nowNs - servedNs < SERVED.toNanos();
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
