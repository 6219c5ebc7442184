package io.liiklus.storage.kafka;

import io.liiklus.storage.kafka.PartitionFetcher.FetchTask;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition at a time for a group that is behind, until its hand-off is full or the group
 * has got into the cache; then takes the next partition. What it reads is for other groups too that
 * are close behind, and where one of them is next, its consumer reads on. That is in no group.
 * Confined to its thread, but for {@link #wake}.
 *
 * <p>One partition, so that no long poll of another is in its way, and a record that cannot be read
 * is found at once.
 */
final class CatchUpReader implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(CatchUpReader.class);

  /** So much of what a turn takes may be rests: who leaves early throws away what came ahead. */
  private static final Duration MOST_RESTED = Duration.ofSeconds(1);

  private final CatchUpReaderPool.Consumers consumers;
  private final CatchUpReaderPool.Bounds bounds;
  private final LongSupplier clockNs;
  private final CatchUpReaderPool pool;

  // Any thread.
  private volatile Consumer<ByteBuffer, ByteBuffer> consumer;
  private volatile boolean isPolling;
  private volatile boolean isWoken;

  private volatile Thread thread;

  // The thread's own: the partition it reads.
  private PartitionFetcher fetcher;
  private long begunNs;
  private long restedNs;

  /** Whether the consumer is one that fetches little at a time. */
  private boolean isPaced;

  /** Whether the consumer is one for single records, until the partition is left. */
  private boolean isSingle;

  /** One of the other kind; null where none was wanted of late. */
  private Consumer<ByteBuffer, ByteBuffer> spare;

  private long sparedNs;

  /** For whom the consumer was last put where it is; null where it reads nothing. */
  private PartitionFetcher placed;

  /** Where it is; null where it is to be put anew. */
  private FetchPosition position;

  /** Where a poll failed for a record; the second time it is that record's fault. */
  private long suspectOffset;

  private boolean isPollFailing;

  CatchUpReader(
      CatchUpReaderPool.Consumers consumers,
      CatchUpReaderPool.Bounds bounds,
      LongSupplier clockNs,
      CatchUpReaderPool pool) {
    this.consumers = consumers;
    this.bounds = bounds;
    this.clockNs = clockNs;
    this.pool = pool;
  }

  /** Has it look at its partition anew. Any thread. */
  void wake() {
    isWoken = true;
    var polling = consumer;
    if (isPolling && polling != null) {
      polling.wakeup();
    }
    LockSupport.unpark(thread);
  }

  /** Whether it was told to look at its partition, and has not done so yet. */
  boolean isWoken() {
    return isWoken;
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      while (begin()) {
        while (runOnce()) {}
      }
    } catch (Throwable fault) {
      pool.onDied(this, fault);
    } finally {
      closeConsumer();
      closeSpare();
    }
  }

  /** Takes a partition; false when the reader is to end. */
  boolean begin() {
    if (clockNs.getAsLong() - sparedNs >= bounds.idle().toNanos()) {
      // Its broker ends a connection that nobody uses.
      closeSpare();
    }
    var next = isTimeUp() ? null : pool.takeBeside(this, placed, position);
    if (next == null) {
      beginTurn();
      next = pool.takeWaiting(this);
    }
    if (next == null) {
      unplace();
      next = pool.take(this);
      beginTurn();
    }
    fetcher = next;
    suspectOffset = -1;
    return fetcher != null;
  }

  private void beginTurn() {
    begunNs = clockNs.getAsLong();
    restedNs = 0;
  }

  private boolean isTimeUp() {
    long usedNs = clockNs.getAsLong() - begunNs - Math.min(restedNs, MOST_RESTED.toNanos());
    return usedNs >= bounds.turn().toNanos();
  }

  /** One poll; false when the partition was given back. */
  boolean runOnce() {
    isWoken = false;
    var task = pool.isClosed() ? null : fetcher.task();
    if (task == null) {
      return leave(false);
    }
    try {
      if (isTimeUp() && pool.isWantedElsewhere()) {
        return leave(true);
      }
      if (fetcher.takeKept()) {
        return true;
      }
      if (fetcher.prefetch().updateFull()) {
        // That it falls behind is no fault of reading: its client does not take what it gets.
        fetcher.lagTrend().forget();
        fetcher.prefetch().copyLeftOvers(clockNs.getAsLong());
        return pool.awaitRoom(this) || leave(false);
      }
      poll(task);
    } catch (WakeupException woken) {
      // The partition is to be looked at anew.
    } catch (OffsetOutOfRangeException outOfRange) {
      onOutOfRange(task, outOfRange);
    } catch (KafkaException failure) {
      onFailure(task, failure);
    } catch (RuntimeException | Error fault) {
      log.error("catching up failed by a fault of the gateway, partition={}", fetcher.id(), fault);
      fetcher.onRefused(new KafkaException(fault));
      closeConsumer();
    }
    return true;
  }

  private void poll(FetchTask task) {
    var polled = fetch(task);
    isPollFailing = false;
    position = task.position().behind(polled, fetcher.id());
    long bytes = 0;
    if (!position.equals(task.position())) {
      suspectOffset = -1;
      bytes = tell(task, polled);
    }
    fetcher.prefetch().copyLeftOvers(clockNs.getAsLong());
    var lag = consumer.currentLag(fetcher.id());
    if (lag.orElse(1) == 0) {
      fetcher.onEnd(new FetchTask(task.generation(), position), position);
    }
    rest(task, bytes, lag);
  }

  private ConsumerRecords<ByteBuffer, ByteBuffer> fetch(FetchTask task) {
    try {
      place(task);
      isPolling = true;
      return consumer.poll(isWoken ? Duration.ZERO : bounds.poll());
    } catch (Error fault) {
      // It has lost count of what it read.
      closeConsumer();
      if (isSingle) {
        throw new KafkaException(fault);
      }
      pool.faults().onMachine(fault);
      // What stands before the fault is had by looking anew, record by record.
      isSingle = true;
      throw new WakeupException();
    } finally {
      isPolling = false;
    }
  }

  /** For what was read, as long as the pace of catching up wants it. */
  private void rest(FetchTask task, long bytes, OptionalLong lag) {
    long beganNs = clockNs.getAsLong();
    long losingNs =
        lag.isPresent()
            ? fetcher.lagTrend().grownForNs(task.generation(), lag.getAsLong(), beganNs)
            : 0;
    long restNs = pool.pace().restNs(bytes, losingNs);
    if (bytes == 0 || fetcher.task() == null) {
      // It may be that others have to, for what they have read.
      return;
    }
    long leftNs = restNs;
    while (leftNs > 0 && !isWoken && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(leftNs);
      leftNs = beganNs + restNs - clockNs.getAsLong();
    }
    restedNs += restNs - leftNs;
  }

  /** How many bytes of records there are. */
  private long tell(FetchTask task, ConsumerRecords<ByteBuffer, ByteBuffer> polled) {
    if (polled.isEmpty()) {
      // Markers and records of aborted transactions are passed over and not told.
      fetcher.offer(task, position, null);
      return 0;
    }
    var batch = new KafkaRecordBatch(polled.records(fetcher.id()), pool.hasOthers(fetcher));
    var fetched = Fetch.of(task.position(), position, batch);
    var others = pool.onFetched(fetcher, fetched);
    fetcher.offer(task, position, fetched);
    others.forEach(PartitionFetcher::takeKept);
    return batch.bytes();
  }

  /** Puts the consumer where the fetcher is to go on. */
  private void place(FetchTask task) {
    if (!isSingle && isPaced != pool.pace().isSlowing()) {
      takeSpare();
    }
    if (consumer == null) {
      consumer = open();
    }
    if (!fetcher.isBeside(placed)) {
      position = null;
      consumer.assign(List.of(fetcher.id()));
      placed = fetcher;
    }
    if (!task.position().equals(position)) {
      task.position().seek(consumer, fetcher.id());
      position = task.position();
    }
  }

  private void takeSpare() {
    unplace();
    var other = spare;
    spare = consumer;
    consumer = other;
    isPaced = !isPaced;
    sparedNs = clockNs.getAsLong();
  }

  private Consumer<ByteBuffer, ByteBuffer> open() {
    try {
      return isSingle ? consumers.openForSingleRecords() : consumers.open(isPaced);
    } catch (KafkaException failure) {
      if (MachineFaults.isOne(failure)) {
        throw failure;
      }
      // The Admin client was made of the same settings, so it is the name service that is away.
      throw new TimeoutException("cannot open a consumer: " + failure.getMessage(), failure);
    }
  }

  private void onOutOfRange(FetchTask task, OffsetOutOfRangeException outOfRange) {
    long at =
        outOfRange
            .offsetOutOfRangePartitions()
            .getOrDefault(fetcher.id(), task.position().offset());
    position = null;
    long cutAt = PartitionFetcher.NOT_CUT;
    if (outOfRange instanceof LogTruncationException truncation) {
      var divergent = truncation.divergentOffsets().get(fetcher.id());
      cutAt = divergent == null ? 0 : divergent.offset();
    }
    fetcher.onOutOfRange(task, at, cutAt);
  }

  private void onPassing(KafkaException passing) {
    if (KafkaFailures.isLoginRefused(passing)) {
      pool.faults().onLoginRefused(passing);
    } else if (!isPollFailing) {
      isPollFailing = true;
      log.warn(
          "catching up failed, trying on, partition={} reason={}",
          fetcher.id(),
          passing.getMessage());
    }
    LockSupport.parkNanos(bounds.retry().toNanos());
  }

  private void onFailure(FetchTask task, KafkaException failure) {
    if (MachineFaults.isOne(failure)) {
      onMachineFault(task, failure);
      return;
    }
    if (UnreadableRecords.passes(failure)) {
      onPassing(failure);
      return;
    }
    if (!UnreadableRecords.mayBe(failure)) {
      fetcher.onRefused(failure);
      return;
    }
    long at = position == null ? task.position().offset() : consumer.position(fetcher.id());
    if (at == suspectOffset) {
      fetcher.onUnreadable(task, at, failure);
      suspectOffset = -1;
    } else {
      suspectOffset = at;
    }
    // Whatever it has fetched is fetched again.
    position = null;
  }

  private void onMachineFault(FetchTask task, KafkaException failure) {
    pool.faults().onMachine(failure);
    fetcher.onMachineFault(task);
    // What it has fetched may be read in part: it is fetched again.
    unplace();
  }

  private boolean leave(boolean isWanting) {
    fetcher.prefetch().copyAll();
    if (isSingle) {
      isSingle = false;
      closeConsumer();
    }
    pool.giveBack(fetcher, this, isWanting);
    fetcher = null;
    return false;
  }

  /** Lets go of what was fetched ahead. */
  private void unplace() {
    if (placed != null) {
      placed = null;
      consumer.unsubscribe();
    }
  }

  private void closeConsumer() {
    var closed = consumer;
    consumer = null;
    placed = null;
    TailReader.close(closed, bounds.close());
  }

  private void closeSpare() {
    TailReader.close(spare, bounds.close());
    spare = null;
  }
}
