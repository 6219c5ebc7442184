package io.liiklus.storage.read;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounded pool of catch-up readers, shared by all partitions that are behind: a reader starts when
 * one is wanted, goes to the partitions in the order in which these asked, and ends when it was not
 * wanted for a while. Thread-safe.
 *
 * <p>Threads: {@link #want} from any, without a lock: wants go to a queue, which the readers drain.
 * The rest from the readers' threads; these take this object's lock to choose a partition, and the
 * lock of a {@link SharedScan} within it, no other.
 */
final class CatchUpReaderPool {

  private static final Logger log = LoggerFactory.getLogger(CatchUpReaderPool.class);

  /** A reader of the pool. */
  interface Worker {

    /** Has it look at its partition, or for one. Any thread. */
    void wake();

    /** Whether it was woken, and has not looked since. */
    boolean isWoken();
  }

  /** Makes a reader and has it run until it ends. */
  interface Starter {
    void start(long number);
  }

  private final CatchUpReaders readers;
  private final SharedScans scans;
  private final LongSupplier clockNs;
  private final ReadTimings timings;

  // Any thread.

  /** Partitions that have room and are behind; each is here once. */
  private final Queue<PartitionFetcher> wants = new ConcurrentLinkedQueue<>();

  private volatile boolean isClosed;

  // Guarded by this.
  private final Set<PartitionFetcher> waiting = new LinkedHashSet<>();
  private final Map<PartitionFetcher, Worker> given = new LinkedHashMap<>();

  CatchUpReaderPool(
      int maxReaders,
      SharedScans scans,
      LongSupplier clockNs,
      LogReaders logReaders,
      Starter starter,
      ReadTimings timings) {
    this.readers = new CatchUpReaders(maxReaders, clockNs, logReaders, starter);
    this.scans = scans;
    this.clockNs = clockNs;
    this.timings = timings;
  }

  /** A partition has room and is behind. If it has a reader, that one looks at it. */
  void want(PartitionFetcher fetcher) {
    if (isClosed || !fetcher.isWanted().compareAndSet(false, true)) {
      return;
    }
    wants.add(fetcher);
    var worker = fetcher.worker();
    if (worker != null) {
      worker.wake();
    } else {
      readers.wakeOne();
    }
  }

  /** Serves the wants from fetches for other groups; the remaining ones wait for a reader. */
  void drainWants() {
    for (var fetcher = wants.poll(); fetcher != null; fetcher = wants.poll()) {
      fetcher.isWanted().set(false);
      try {
        fetcher.takeKept();
        if (fetcher.isBehindWithRoom()) {
          enqueue(fetcher);
        }
      } catch (RuntimeException | Error fault) {
        fetcher.onRefused(failed(fault));
      }
    }
  }

  private void enqueue(PartitionFetcher fetcher) {
    Worker worker;
    synchronized (this) {
      worker = given.get(fetcher);
      if (worker == null && !isClosed) {
        waiting.add(fetcher);
        // A busy reader may have drained the want that an idle one could serve.
        worker = readers.pollIdle();
      }
    }
    if (worker != null) {
      worker.wake();
    }
  }

  /** An assignment ended: its reader, if it has one, leaves it. */
  void forget(PartitionFetcher fetcher) {
    synchronized (this) {
      waiting.remove(fetcher);
    }
    var worker = fetcher.worker();
    if (worker != null) {
      worker.wake();
    }
  }

  private static StorageException failed(Throwable fault) {
    var kind = fault instanceof Error ? Kind.UNAVAILABLE : Kind.INTERNAL;
    return new StorageException(kind, "catching up failed: " + fault, fault);
  }

  /** A group that waits where a reader is that has just left another; null where none does. */
  synchronized PartitionFetcher takeBeside(Worker worker, LogId left, FetchPosition position) {
    for (var fetcher : waiting) {
      if (fetcher.log().equals(left) && fetcher.next().equals(position)) {
        return give(fetcher, worker);
      }
    }
    return null;
  }

  /** The partition that has waited longest; null where none waits. */
  PartitionFetcher takeWaiting(Worker worker) {
    drainWants();
    synchronized (this) {
      var fetcher = isClosed ? null : longestWaiting();
      return fetcher == null ? null : give(fetcher, worker);
    }
  }

  /** Waits for a partition; null where the reader is to end. */
  PartitionFetcher take(Worker worker) {
    long untilNs = clockNs.getAsLong() + timings.idle().toNanos();
    var fetcher = takeWaiting(worker);
    while (fetcher == null
        && !isClosed
        && readers.awaitPartition(worker, untilNs, wants::isEmpty)) {
      fetcher = takeWaiting(worker);
    }
    if (fetcher == null) {
      readers.onEnded();
      if (isWantedElsewhere() && !isClosed) {
        // It came as this one was about to end.
        readers.wakeOne();
      }
    }
    return fetcher;
  }

  /** Waits until a partition that is full has room; false where it is time to leave it. */
  boolean awaitRoom(Worker worker) {
    long untilNs = clockNs.getAsLong() + timings.room().toNanos();
    while (!worker.isWoken()) {
      boolean isOver = isClosed || isWantedElsewhere();
      if (isOver || !readers.awaitRoom(worker, untilNs, () -> isLeftAlone(worker))) {
        return worker.isWoken();
      }
    }
    return true;
  }

  private boolean isLeftAlone(Worker worker) {
    return !worker.isWoken() && !isWantedElsewhere();
  }

  private PartitionFetcher give(PartitionFetcher fetcher, Worker worker) {
    waiting.remove(fetcher);
    given.put(fetcher, worker);
    fetcher.give(worker);
    return fetcher;
  }

  /**
   * Of groups that are close to each other, the hindmost comes first: it reads up to where the
   * others are, and from there on all read together.
   */
  private PartitionFetcher longestWaiting() {
    for (var fetcher : waiting) {
      var hindmost = hindmost(fetcher);
      if (hindmost != null) {
        // Its turn is taken: a log that gives nothing must not be first again and again.
        waiting.remove(fetcher);
        waiting.add(fetcher);
        return hindmost;
      }
    }
    return null;
  }

  /** Of those close behind the one that waits, or itself; null where a reader will come by. */
  private PartitionFetcher hindmost(PartitionFetcher fetcher) {
    var scan = scans.find(fetcher.log());
    if (scan == null) {
      return fetcher;
    }
    long reach = scans.maxBytesOfEach();
    if (scan.isOneCloseBehind(fetcher, given.keySet(), reach)) {
      return null;
    }
    var hindmost = fetcher;
    for (var other : scan.closeBehind(fetcher, reach)) {
      if (other instanceof PartitionFetcher behind
          && behind.next().offset() < hindmost.next().offset()
          && waiting.contains(behind)) {
        hindmost = behind;
      }
    }
    return hindmost;
  }

  /** Whether a partition waits for a reader. */
  boolean isWantedElsewhere() {
    return !wants.isEmpty() || waiting() > 0;
  }

  /** Gives a partition back. It waits again where it still has room, or was wanted meanwhile. */
  void giveBack(PartitionFetcher fetcher, Worker worker, boolean isWanting) {
    synchronized (this) {
      given.remove(fetcher);
      fetcher.give(null);
    }
    if (isWanting || worker.isWoken()) {
      want(fetcher);
    }
    if (waiting() > 0) {
      // Some may have waited for this reader to come by.
      readers.wakeOne();
    }
  }

  /** A reader ended by a fault: its subscription ends, and another reader takes its place. */
  void onDied(Worker worker, Throwable fault) {
    var left = new ArrayList<PartitionFetcher>();
    synchronized (this) {
      given.forEach(
          (fetcher, owner) -> {
            if (owner == worker) {
              left.add(fetcher);
            }
          });
      left.forEach(given::remove);
    }
    readers.onEnded();
    for (var fetcher : left) {
      fetcher.give(null);
      fetcher.onRefused(failed(fault));
    }
    if (isWantedElsewhere() && !isClosed) {
      readers.wakeOne();
    }
    log.error("a catch-up reader ended by a fault, another takes its place", fault);
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Number of readers that have a partition. */
  synchronized int inUse() {
    return given.size();
  }

  /** Number of partitions that wait for a reader. */
  synchronized int waiting() {
    return waiting.size();
  }

  void close() {
    isClosed = true;
    wants.clear();
    synchronized (this) {
      waiting.clear();
      given.values().forEach(Worker::wake);
    }
    readers.close();
  }
}
