package io.liiklus.storage.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Readers for the partitions of groups that are behind, a bounded number for all of them: started
 * when they are wanted, given to the partitions in the order in which these asked, and ended when
 * they were not wanted for a while. Thread-safe: a lock that is taken when a partition gets a
 * reader or gives it back, and when a reader that has stopped has made room.
 */
final class CatchUpReaders {

  /**
   * The named bounds.
   *
   * @param readers how many at a time
   * @param poll how long a poll may wait
   * @param turn how long a partition keeps a reader that others wait for
   * @param linger how long a partition that is full keeps a reader that nobody waits for
   * @param idle how long a reader waits for a partition before it ends
   * @param retry how long a reader waits after a failure that passes
   * @param close how long closing a consumer may take
   */
  record Bounds(
      int readers,
      Duration poll,
      Duration turn,
      Duration linger,
      Duration idle,
      Duration retry,
      Duration close) {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration LINGER = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(200);

    static Bounds of(KafkaSettings settings) {
      return new Bounds(
          settings.catchUpReaders(), POLL, TURN, LINGER, IDLE, RETRY, settings.closeTimeout());
    }
  }

  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final Bounds bounds;
  private final LongSupplier clockNs;
  private final Starter starter;
  private final LongAdder fetched = new LongAdder();

  // Guarded by this.
  private final Set<PartitionFeed> waiting = new LinkedHashSet<>();
  private final Map<PartitionFeed, CatchUpReader> given = new HashMap<>();
  private final Set<CatchUpReader> readers = new HashSet<>();
  private int idle;
  private long started;
  private boolean isClosed;

  /** Has a reader run until it ends. */
  interface Starter {
    void start(CatchUpReader reader, long number);
  }

  /**
   * @param consumers opens one
   */
  CatchUpReaders(
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Bounds bounds,
      LongSupplier clockNs,
      Starter starter) {
    this.consumers = consumers;
    this.bounds = bounds;
    this.clockNs = clockNs;
    this.starter = starter;
  }

  /** A thread for each. */
  static void startThread(CatchUpReader reader, long number) {
    var thread = new Thread(reader, "liiklus-catch-up-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  /** A partition has room and is behind. If it has a reader, that one looks at it anew. */
  synchronized void want(PartitionFeed feed) {
    if (isClosed) {
      return;
    }
    if (!wakeReader(feed) && waiting.add(feed)) {
      if (waiting.size() > idle && readers.size() < bounds.readers()) {
        start();
      } else {
        notifyAll();
      }
    }
  }

  synchronized void forget(PartitionFeed feed) {
    waiting.remove(feed);
    wakeReader(feed);
  }

  /** False where the partition has none. */
  private boolean wakeReader(PartitionFeed feed) {
    var reader = given.get(feed);
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
    starter.start(reader, started++);
  }

  /** The partition that has waited longest; null when the reader is to end. */
  synchronized PartitionFeed take(CatchUpReader reader) {
    long untilNs = clockNs.getAsLong() + bounds.idle().toNanos();
    idle++;
    try {
      while (waiting.isEmpty() && !isClosed) {
        long leftNs = untilNs - clockNs.getAsLong();
        if (leftNs <= 0 || !await(leftNs)) {
          break;
        }
      }
    } finally {
      idle--;
    }
    var feed = isClosed ? null : poll();
    if (feed == null) {
      readers.remove(reader);
    } else {
      given.put(feed, reader);
    }
    return feed;
  }

  private PartitionFeed poll() {
    var first = waiting.iterator();
    if (!first.hasNext()) {
      return null;
    }
    var feed = first.next();
    first.remove();
    return feed;
  }

  /** Whether a partition waits for a reader. */
  synchronized boolean isWantedElsewhere() {
    return !waiting.isEmpty();
  }

  /** Gives a partition back. It waits again where it still has room, or was told of meanwhile. */
  synchronized void giveBack(PartitionFeed feed, CatchUpReader reader, boolean isWanting) {
    given.remove(feed);
    if (isWanting || reader.isWoken()) {
      want(feed);
    }
  }

  /** Waits until a partition that is full has room; false where it is time to leave it. */
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

  void onFetched(int records) {
    fetched.add(records);
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
