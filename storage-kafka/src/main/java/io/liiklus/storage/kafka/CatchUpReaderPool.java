package io.liiklus.storage.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readers for the partitions of groups that are behind, a bounded number for all of them: started
 * when they are wanted, given to the partitions in the order in which these asked, and ended when
 * they were not wanted for a while. Thread-safe: a lock that is taken when a partition gets a
 * reader or gives it back, and when a reader that has stopped has made room.
 */
final class CatchUpReaderPool {

  private static final Logger log = LoggerFactory.getLogger(CatchUpReaderPool.class);

  /**
   * The named bounds.
   *
   * @param readers how many at a time
   * @param poll how long a poll may wait
   * @param turn how long a partition keeps a reader that others wait for, beside its rests
   * @param linger how long a partition that is full keeps a reader that nobody waits for
   * @param idle how long a reader waits for a partition before it ends
   * @param retry how long a reader waits after a failure that passes
   * @param close how long closing a consumer may take
   * @param sharedScanBytes how much of what was read is kept for other groups
   */
  record Bounds(
      int readers,
      Duration poll,
      Duration turn,
      Duration linger,
      Duration idle,
      Duration retry,
      Duration close,
      long sharedScanBytes) {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration LINGER = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(200);

    static Bounds of(KafkaSettings settings) {
      return new Bounds(
          settings.catchUpReaders(),
          POLL,
          TURN,
          LINGER,
          IDLE,
          RETRY,
          settings.closeTimeout(),
          settings.sharedScanBytes());
    }
  }

  private final Consumers consumers;
  private final Bounds bounds;
  private final LongSupplier clockNs;
  private final CatchUpThrottle pace;
  private final StandingFaults faults;
  private final Starter starter;
  private final LongAdder fetched = new LongAdder();
  private final Map<PartitionLog, SharedScan> sharedScan = new ConcurrentHashMap<>();

  // Guarded by this.
  private final Set<PartitionFetcher> waiting = new LinkedHashSet<>();
  private final Map<PartitionFetcher, CatchUpReader> given = new HashMap<>();
  private final Set<CatchUpReader> readers = new HashSet<>();
  private int idle;
  private long started;
  private boolean isClosed;

  /** Opens consumers that are in no group. */
  interface Consumers {
    /**
     * @param isPaced whether it is to fetch little at a time, so that each fetch is little work for
     *     all who get it, and new records need not wait for the end of it
     */
    Consumer<ByteBuffer, ByteBuffer> open(boolean isPaced);

    /**
     * One whose polls return a record each. A poll that an {@link Error} ends returns none of the
     * records that it has read before that; so this one gets up to the record at which it happens.
     */
    default Consumer<ByteBuffer, ByteBuffer> openForSingleRecords() {
      return open(true);
    }
  }

  /** Has a reader run until it ends. */
  interface Starter {
    void start(CatchUpReader reader, long number);
  }

  CatchUpReaderPool(
      Consumers consumers,
      Bounds bounds,
      LongSupplier clockNs,
      CatchUpThrottle pace,
      StandingFaults faults,
      Starter starter) {
    this.consumers = consumers;
    this.bounds = bounds;
    this.clockNs = clockNs;
    this.pace = pace;
    this.faults = faults;
    this.starter = starter;
  }

  /** A thread for each. */
  static void startThread(CatchUpReader reader, long number) {
    var thread = new Thread(reader, "liiklus-catch-up-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  /** A partition has room and is behind. If it has a reader, that one looks at it anew. */
  synchronized void want(PartitionFetcher fetcher) {
    if (isClosed) {
      return;
    }
    if (!wakeReader(fetcher) && waiting.add(fetcher)) {
      if (waiting.size() > idle && readers.size() < bounds.readers()) {
        start();
      } else {
        notifyAll();
      }
    }
  }

  synchronized void forget(PartitionFetcher fetcher) {
    waiting.remove(fetcher);
    wakeReader(fetcher);
  }

  /** False where the partition has none. */
  private boolean wakeReader(PartitionFetcher fetcher) {
    var reader = given.get(fetcher);
    if (reader == null) {
      return false;
    }
    reader.wake();
    notifyAll();
    return true;
  }

  private void start() {
    var reader = new CatchUpReader(consumers, bounds, clockNs, this);
    readers.add(reader);
    try {
      starter.start(reader, started++);
    } catch (OutOfMemoryError noThread) {
      readers.remove(reader);
      faults.onMachine(noThread);
    }
  }

  /** A reader ended by a fault: its subscription ends, and another reader takes its place. */
  void onDied(CatchUpReader reader, Throwable fault) {
    var left = new ArrayList<PartitionFetcher>();
    synchronized (this) {
      readers.remove(reader);
      for (var pair : given.entrySet()) {
        if (pair.getValue() == reader) {
          left.add(pair.getKey());
        }
      }
      left.forEach(given::remove);
      if (!isClosed && waiting.size() > idle && readers.size() < bounds.readers()) {
        start();
      }
    }
    left.forEach(fetcher -> fetcher.onRefused(new KafkaException(fault)));
    log.error("a catch-up reader ended by a fault, another takes its place", fault);
  }

  /** A group that waits where a reader is that has just left another; null where none does. */
  synchronized PartitionFetcher takeBeside(
      CatchUpReader reader, PartitionFetcher left, FetchPosition position) {
    if (left == null) {
      return null;
    }
    for (var fetcher : waiting) {
      if (fetcher.isBeside(left) && fetcher.next().equals(position)) {
        return give(fetcher, reader);
      }
    }
    return null;
  }

  /** The partition that has waited longest; null where none waits. */
  synchronized PartitionFetcher takeWaiting(CatchUpReader reader) {
    var fetcher = isClosed ? null : longestWaiting();
    return fetcher == null ? null : give(fetcher, reader);
  }

  /** ManagedBlocking for one; null when the reader is to end. */
  synchronized PartitionFetcher take(CatchUpReader reader) {
    long untilNs = clockNs.getAsLong() + bounds.idle().toNanos();
    idle++;
    try {
      var fetcher = takeWaiting(reader);
      while (fetcher == null && !isClosed) {
        long leftNs = untilNs - clockNs.getAsLong();
        if (leftNs <= 0 || !await(leftNs)) {
          break;
        }
        fetcher = takeWaiting(reader);
      }
      if (fetcher == null) {
        readers.remove(reader);
      }
      return fetcher;
    } finally {
      idle--;
    }
  }

  private PartitionFetcher give(PartitionFetcher fetcher, CatchUpReader reader) {
    waiting.remove(fetcher);
    given.put(fetcher, reader);
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
    var beside = sharedScan.get(fetcher.log());
    if (beside == null) {
      return fetcher;
    }
    if (beside.isOneCloseBehind(fetcher, given.keySet(), keptBytesOfEach())) {
      return null;
    }
    var hindmost = fetcher;
    for (var other : beside.closeBehind(fetcher, keptBytesOfEach())) {
      if (other.next().offset() < hindmost.next().offset() && waiting.contains(other)) {
        hindmost = other;
      }
    }
    return hindmost;
  }

  private long keptBytesOfEach() {
    return bounds.sharedScanBytes() / Math.max(1, sharedScan.size());
  }

  /** Whether a partition waits for a reader. */
  synchronized boolean isWantedElsewhere() {
    return !waiting.isEmpty();
  }

  /** Gives a partition back. It waits again where it still has room, or was told of meanwhile. */
  synchronized void giveBack(PartitionFetcher fetcher, CatchUpReader reader, boolean isWanting) {
    given.remove(fetcher);
    if (isWanting || reader.isWoken()) {
      want(fetcher);
    }
    if (!waiting.isEmpty()) {
      // Some may have waited for this reader to come by.
      notifyAll();
    }
  }

  /**
   * ManagedBlocking until a partition that is full has room; false where it is time to leave it.
   */
  synchronized boolean awaitRoom(CatchUpReader reader) {
    long untilNs = clockNs.getAsLong() + bounds.linger().toNanos();
    while (!reader.isWoken()) {
      long leftNs = untilNs - clockNs.getAsLong();
      if (isClosed || !waiting.isEmpty() || leftNs <= 0 || !await(leftNs)) {
        return reader.isWoken();
      }
    }
    return true;
  }

  /** False when interrupted. */
  @SuppressWarnings("WaitNotInLoop") // Its callers loop.
  private boolean await(long longestNs) {
    try {
      wait(longestNs / 1_000_000, (int) (longestNs % 1_000_000));
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  /** A group begins to catch up. */
  SharedScan join(PartitionFetcher fetcher) {
    return sharedScan.compute(
        fetcher.log(),
        (log, found) -> {
          var joined = found == null ? new SharedScan() : found;
          joined.join(fetcher);
          return joined;
        });
  }

  /** It does not any more. */
  void part(PartitionFetcher fetcher) {
    sharedScan.computeIfPresent(fetcher.log(), (log, found) -> found.part(fetcher) ? found : null);
  }

  /** Whether other groups catch up on the same partition. */
  boolean hasOthers(PartitionFetcher fetcher) {
    var beside = sharedScan.get(fetcher.log());
    return beside != null && beside.areSeveral();
  }

  /** Something was read for a group: gives others for whom it is kept, and who have no reader. */
  List<PartitionFetcher> onFetched(PartitionFetcher fetcher, Fetch read) {
    fetched.add(read.batch().size());
    var beside = sharedScan.get(fetcher.log());
    if (beside == null) {
      return List.of();
    }
    var others = beside.keep(fetcher, read, keptBytesOfEach(), nowNs());
    if (others.isEmpty()) {
      return others;
    }
    // Once for all, and not under the lock that event loops take.
    read.copy();
    return withoutReader(others);
  }

  private synchronized List<PartitionFetcher> withoutReader(List<PartitionFetcher> fetchers) {
    return fetchers.stream().filter(fetcher -> !given.containsKey(fetcher)).toList();
  }

  StandingFaults faults() {
    return faults;
  }

  CatchUpThrottle pace() {
    return pace;
  }

  long nowNs() {
    return clockNs.getAsLong();
  }

  /** How many records were fetched. */
  long fetched() {
    return fetched.sum();
  }

  /** How many read for a partition now. */
  synchronized int inUse() {
    return given.size();
  }

  /** How many partitions wait for a reader. */
  synchronized int waiting() {
    return waiting.size();
  }

  synchronized void close() {
    isClosed = true;
    waiting.clear();
    readers.forEach(CatchUpReader::wake);
    notifyAll();
  }
}
