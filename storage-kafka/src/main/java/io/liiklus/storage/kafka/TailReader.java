package io.liiklus.storage.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions at their end into their caches, with a consumer that is in no group. It never
 * pauses a partition and waits for nobody. Confined to its thread, but for {@link #open} and {@link
 * #close}.
 *
 * <p>It deals with no trouble: the caches of the partitions that are in some are dropped, and each
 * group meets it by itself, on its way back to the end.
 */
final class TailReader implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(TailReader.class);

  /**
   * The named bounds.
   *
   * @param tailCacheBytes how much one partition holds
   * @param allBytes how much all partitions hold; where that is reached, each an equal share
   * @param poll how long a poll may wait
   * @param copy how long a batch is held before it is copied out of the fetch that it pins
   * @param taken how long at least a batch is held that all have taken, for who goes back a little
   * @param linger how long a cache that nobody follows is filled on
   * @param close how long closing the consumer may take
   */
  record Bounds(
      long tailCacheBytes,
      long allBytes,
      Duration poll,
      Duration copy,
      Duration taken,
      Duration linger,
      Duration close) {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration COPY = Duration.ofMillis(100);
    private static final Duration TAKEN = Duration.ofSeconds(1);
    private static final Duration LINGER = Duration.ofSeconds(5);

    /**
     * How long a reader rests for each follower that it gave a batch, about twice what sending that
     * takes: at a high rate, to many followers, fewer and larger batches go.
     */
    private static final long REST_NS = 20_000;

    /** The most that it rests for, and the least that is worth it. */
    private static final long LONGEST_REST_NS = 5_000_000;

    private static final long SHORTEST_REST_NS = 200_000;

    /** A poll that gave more is followed by no rest: the batches are large, or it lags behind. */
    private static final int MANY_RECORDS = 500;

    /** How often caches are looked after. */
    long careNs() {
      return copy.toNanos() / 4;
    }

    static Bounds of(KafkaSettings settings) {
      return new Bounds(
          settings.tailCacheBytes(),
          settings.allRingBytes(),
          POLL,
          COPY,
          TAKEN,
          LINGER,
          settings.closeTimeout());
    }
  }

  private static final class Tail {
    private final TailCache cache;
    private final Runnable onDropped;
    private long followedNs;

    private Tail(TailCache cache, Runnable onDropped, long nowNs) {
      this.cache = cache;
      this.onDropped = onDropped;
      this.followedNs = nowNs;
    }
  }

  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final Bounds bounds;
  private final LongSupplier clockNs;
  private final TailCaches caches;
  private final StandingFaults faults;
  private final CommandQueue tasks;

  // Any thread.
  private volatile Thread thread;
  private volatile boolean isClosing;
  private volatile Consumer<ByteBuffer, ByteBuffer> consumer;

  // The thread's own.
  private final Map<TopicPartition, Tail> tails = new HashMap<>();
  private boolean isPollFailing;
  private long caredNs;
  private long maxBytes;
  private long restNs;

  /**
   * @param consumers opens one
   * @param caches all of them, here and elsewhere
   */
  TailReader(
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Bounds bounds,
      LongSupplier clockNs,
      TailCaches caches,
      StandingFaults faults) {
    this.consumers = consumers;
    this.bounds = bounds;
    this.clockNs = clockNs;
    this.caches = caches;
    this.faults = faults;
    this.tasks = new CommandQueue(clockNs, this::wakeUp);
    this.maxBytes = bounds.tailCacheBytes();
  }

  void start(String name) {
    thread = new Thread(this, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Begins to fill a cache. Any thread.
   *
   * @param onDropped called on the tail reader's thread when it is filled no more
   */
  void open(TailCache cache, FetchPosition from, Runnable onDropped) {
    tasks.post(() -> begin(new Tail(cache, onDropped, clockNs.getAsLong()), from));
  }

  /** Fills a cache from here on, if it was not read into yet. Any thread. */
  void beginAt(TailCache cache, FetchPosition from) {
    tasks.post(
        () -> {
          var tail = tails.get(cache.id());
          if (tail != null && tail.cache == cache && cache.isToBeginAt(from)) {
            cache.beginAt(from);
            from.seek(consumer, cache.id());
          }
        });
  }

  /** Any thread. */
  void close() {
    isClosing = true;
    tasks.wake();
  }

  private void wakeUp() {
    var polling = consumer;
    if (polling != null) {
      polling.wakeup();
    }
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    try {
      while (!isClosing) {
        runSafely();
      }
    } finally {
      endAll();
      closeConsumer();
    }
  }

  /** One round. The thread outlives each: all groups at the end of their logs read by it. */
  private void runSafely() {
    try {
      runOnce();
    } catch (RuntimeException | Error fault) {
      // Dealing with a fault has met one: the next round meets what is left of it.
      faults.onFailure(fault);
      LockSupport.parkNanos(bounds.poll().toNanos());
    }
  }

  void runOnce() {
    try {
      tasks.runDue();
      careForRings(clockNs.getAsLong());
      if (restNs > 0 || tails.isEmpty()) {
        rest(tails.isEmpty() ? bounds.poll().toNanos() : restNs);
        return;
      }
      long waitNs = tasks.beginPoll(bounds.poll().toNanos());
      append(consumer.poll(Duration.ofNanos(waitNs)));
      isPollFailing = false;
    } catch (WakeupException woken) {
      // Somebody left something to do: the next round does it.
    } catch (OffsetOutOfRangeException outOfRange) {
      onOutOfRange(outOfRange);
    } catch (KafkaException failure) {
      onFailure(failure);
    } catch (RuntimeException | Error fault) {
      onFault(fault);
    } finally {
      tasks.endPoll();
    }
  }

  private void rest(long longestNs) {
    restNs = 0;
    LockSupport.parkNanos(tasks.beginPoll(longestNs));
  }

  private void careForRings(long nowNs) {
    if (nowNs - caredNs < bounds.careNs()) {
      return;
    }
    caredNs = nowNs;
    boolean isTooMuch = caches.bytes() > bounds.allBytes();
    long share = bounds.allBytes() / Math.max(1, caches.count());
    maxBytes = isTooMuch ? Math.min(bounds.tailCacheBytes(), share) : bounds.tailCacheBytes();
    long copyNs = bounds.copy().toNanos();
    for (var tail : List.copyOf(tails.values())) {
      tail.cache.trim(nowNs, bounds, maxBytes);
      tail.cache.copyLeftOvers(nowNs, copyNs);
      dropIfUnused(tail, nowNs);
    }
  }

  private void begin(Tail tail, FetchPosition from) {
    if (consumer == null) {
      try {
        consumer = consumers.get();
      } catch (KafkaException | Error failure) {
        log.warn("cannot open a consumer, reason={}", failure.getMessage());
        faults.onFailure(failure);
        end(tail);
        return;
      }
    }
    var ofAnotherTopic = tails.get(tail.cache.id());
    if (ofAnotherTopic != null) {
      // The consumer forgets what it has fetched of it.
      drop(ofAnotherTopic);
    }
    tails.put(tail.cache.id(), tail);
    consumer.assign(tails.keySet());
    from.seek(consumer, tail.cache.id());
  }

  private void append(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
    if (records.isEmpty()) {
      return;
    }
    long nowNs = clockNs.getAsLong();
    long given = 0;
    for (var id : records.partitions()) {
      var tail = tails.get(id);
      if (tail != null) {
        given += tail.cache.followers();
        var batch = new KafkaRecordBatch(records.records(id), tail.cache.followers() > 1);
        tail.cache.append(batch, nowNs, maxBytes);
      }
    }
    if (given > 0) {
      caches.onServed(nowNs);
    }
    long wantedNs = Math.min(Bounds.LONGEST_REST_NS, given * Bounds.REST_NS);
    boolean isWorthIt =
        wantedNs >= Bounds.SHORTEST_REST_NS && records.count() <= Bounds.MANY_RECORDS;
    restNs = isWorthIt ? wantedNs : 0;
  }

  private void dropIfUnused(Tail tail, long nowNs) {
    if (tail.cache.hasFollowers()) {
      tail.followedNs = nowNs;
    } else if (nowNs - tail.followedNs >= bounds.linger().toNanos() && tail.cache.dropIfUnused()) {
      drop(tail);
    }
  }

  private void onOutOfRange(OffsetOutOfRangeException outOfRange) {
    for (var id : outOfRange.offsetOutOfRangePartitions().keySet()) {
      var tail = tails.get(id);
      if (tail != null) {
        drop(tail);
      }
    }
  }

  private void drop(Tail tail) {
    tails.remove(tail.cache.id());
    consumer.assign(tails.keySet());
    end(tail);
  }

  private static void end(Tail tail) {
    // First found by nobody any more, then left by those who are there.
    tail.onDropped.run();
    tail.cache.drop();
  }

  private void dropAll() {
    if (consumer != null) {
      consumer.unsubscribe();
    }
    endAll();
  }

  private void endAll() {
    for (var tail : List.copyOf(tails.values())) {
      end(tail);
      tails.remove(tail.cache.id());
    }
  }

  /** The consumer may have lost count of what it has read. */
  private void onFault(Throwable fault) {
    endAll();
    closeConsumer();
    if (MachineFaults.isOne(fault)) {
      faults.onMachine(fault);
    } else {
      log.error("reading at the end failed by a fault of the gateway", fault);
    }
  }

  private void closeConsumer() {
    var closed = consumer;
    consumer = null;
    close(closed, bounds.close());
  }

  /** Of one that was opened, or null. A failure ends nothing: its thread goes on with another. */
  static void close(Consumer<?, ?> consumer, Duration longest) {
    if (consumer == null) {
      return;
    }
    try {
      consumer.close(CloseOptions.timeout(longest));
    } catch (RuntimeException failure) {
      log.warn("closing a consumer failed, reason={}", failure.getMessage());
    }
  }

  private void onFailure(KafkaException failure) {
    if (MachineFaults.isOne(failure)) {
      faults.onMachine(failure);
      dropAll();
    } else if (UnreadableRecords.passes(failure)) {
      restNs = bounds.poll().toNanos();
      if (KafkaFailures.isLoginRefused(failure)) {
        faults.onLoginRefused(failure);
      } else if (!isPollFailing) {
        isPollFailing = true;
        log.warn("reading at the end failed, trying on, reason={}", failure.getMessage());
      }
    } else {
      log.warn("reading at the end failed, reason={}", failure.getMessage());
      dropAll();
    }
  }
}
