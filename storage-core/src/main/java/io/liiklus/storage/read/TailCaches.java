package io.liiklus.storage.read;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Tail caches of the partitions that some group of this process reads at their end, and the tail
 * readers that fill them. Thread-safe.
 */
final class TailCaches {

  /** A group that got records counts as one that gets some for so long. */
  private static final Duration SERVED = Duration.ofSeconds(5);

  private final Map<LogId, TailCache> caches = new ConcurrentHashMap<>();
  private final List<TailReader> readers = new ArrayList<>();
  private final LongAdder moves = new LongAdder();
  private final LongAdder fetched = new LongAdder();
  private final LongAdder taken = new LongAdder();

  /** Time at which a group last got records. */
  private volatile long servedNs;

  TailCaches(
      ReadSettings settings, ReadTimings timings, LogReaders logReaders, LongSupplier clockNs) {
    servedNs = clockNs.getAsLong() - SERVED.toNanos();
    for (int i = 0; i < settings.tailReaders(); i++) {
      readers.add(new TailReader(settings, timings, logReaders, clockNs, this));
    }
  }

  void start() {
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).start("liiklus-tail-" + i);
    }
  }

  /** The readers, for a test that steps them. */
  List<TailReader> readers() {
    return readers;
  }

  /** Null where the log has none. */
  TailCache find(LogId log) {
    return caches.get(log);
  }

  /** The log's cache, or a new one, which is filled from here on. */
  TailCache open(LogId log, FetchPosition from) {
    return caches.compute(
        log,
        (same, found) -> {
          if (found != null && !found.isDropped()) {
            if (found.isToBeginAt(from)) {
              reader(log).beginAt(found, from);
            }
            return found;
          }
          var cache = new TailCache(log, from, this);
          reader(log).open(cache, from);
          return cache;
        });
  }

  private TailReader reader(LogId log) {
    return readers.get(Math.floorMod(log.hashCode(), readers.size()));
  }

  void remove(TailCache cache) {
    caches.remove(cache.log(), cache);
  }

  /** Groups got records from any cache. */
  void onServed(long nowNs) {
    servedNs = nowNs;
  }

  /** Whether groups get records, at this time. */
  boolean isServed(long nowNs) {
    return nowNs - servedNs < SERVED.toNanos();
  }

  /** A group went from a catch-up reader into a cache. */
  void onMoved() {
    moves.increment();
  }

  void onFetched(int records) {
    fetched.add(records);
  }

  void onTaken(int records) {
    taken.add(records);
  }

  long moves() {
    return moves.sum();
  }

  /** Records that all followers together have taken. */
  long taken() {
    return taken.sum();
  }

  /** Records that were added. */
  long fetched() {
    return fetched.sum();
  }

  int count() {
    return caches.size();
  }

  /** About how many bytes of records they have. */
  long bytes() {
    return caches.values().stream().mapToLong(TailCache::bytes).sum();
  }

  void close() {
    readers.forEach(TailReader::close);
  }
}
