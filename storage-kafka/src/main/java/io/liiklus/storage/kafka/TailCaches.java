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
 * The caches of the partitions that are read at their end, by any group of this process, and the
 * tail readers that fill them. Thread-safe.
 */
final class TailCaches {

  /** For how long a group that got records counts as one that gets some. */
  private static final Duration SERVED = Duration.ofSeconds(5);

  private final Map<PartitionLog, TailCache> caches = new ConcurrentHashMap<>();
  private final List<TailReader> readers = new ArrayList<>();
  private final LongAdder moves = new LongAdder();
  private final TailCache.Counts counts = new TailCache.Counts(new LongAdder(), new LongAdder());

  /** When a group got records last. */
  private volatile long servedNs;

  /**
   * @param consumers opens one, which is in no group
   */
  TailCaches(
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
  TailCache find(PartitionLog log) {
    return caches.get(log);
  }

  /** The log's cache, or a new one, which is filled from here on. */
  TailCache open(PartitionLog log, FetchPosition from) {
    return caches.compute(
        log,
        (same, found) -> {
          if (found != null && !found.isDropped()) {
            if (found.isToBeginAt(from)) {
              reader(log).beginAt(found, from);
            }
            return found;
          }
          var cache = new TailCache(log.id(), from, counts);
          reader(log).open(cache, from, () -> caches.remove(log, cache));
          return cache;
        });
  }

  private TailReader reader(PartitionLog log) {
    return readers.get(Math.floorMod(log.id().hashCode(), readers.size()));
  }

  /** Groups got records, of any cache. */
  void onServed(long nowNs) {
    servedNs = nowNs;
  }

  /** Whether groups get records, at this time. */
  boolean isServed(long nowNs) {
    return nowNs - servedNs < SERVED.toNanos();
  }

  /** Counts that a group went from a catch-up reader into a cache. */
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
    return caches.size();
  }

  /** About how many bytes of records they hold. */
  long bytes() {
    return caches.values().stream().mapToLong(TailCache::bytes).sum();
  }

  void close() {
    readers.forEach(TailReader::close);
  }
}
