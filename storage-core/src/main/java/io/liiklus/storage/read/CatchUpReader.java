package io.liiklus.storage.read;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reader of one partition at a time for a group that is behind, until its prefetch is full or the
 * group has reached the tail cache; then it takes the next partition of its {@link
 * CatchUpReaderPool}. Other groups close behind share what it reads, and where one of them is next,
 * it reads on. Confined to its thread, but for {@link #wake} and {@link #isWoken}.
 *
 * <p>One partition, so that no long fetch of another is in its way, and a record that cannot be
 * read is found at once.
 */
final class CatchUpReader implements Runnable, CatchUpReaderPool.Worker {

  private static final Logger log = LoggerFactory.getLogger(CatchUpReader.class);

  /** Share of a turn that may be rests: a reader that leaves early drops the fetches ahead. */
  private static final Duration MOST_RESTED = Duration.ofSeconds(1);

  private final CatchUpReaderPool pool;
  private final SharedReading sources;
  private final ReadTimings timings;
  private final LongSupplier clockNs;
  private final LongAdder fetched;

  private final PlacedReader reader;

  // Any thread.
  private volatile boolean isWoken;
  private volatile Thread thread;

  // The thread's own: the partition it reads.
  private PartitionFetcher fetcher;
  private long begunNs;
  private long restedNs;
  private boolean isFetchFailing;

  CatchUpReader(CatchUpReaderPool pool, SharedReading sources) {
    this.pool = pool;
    this.sources = sources;
    this.timings = sources.timings();
    this.clockNs = sources::nowNs;
    this.fetched = sources.caughtUp();
    this.reader = new PlacedReader(sources.logReaders());
  }

  @Override
  public void wake() {
    isWoken = true;
    reader.wakeUp();
    LockSupport.unpark(thread);
  }

  @Override
  public boolean isWoken() {
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
      reader.close();
    }
  }

  /** Takes a partition; false when the reader is to end. */
  boolean begin() {
    PartitionFetcher next = null;
    if (!isTimeUp() && reader.log() != null) {
      next = pool.takeBeside(this, reader.log(), reader.position());
    }
    if (next == null) {
      beginTurn();
      next = pool.takeWaiting(this);
    }
    if (next == null) {
      reader.leave();
      next = pool.take(this);
      beginTurn();
    }
    fetcher = next;
    return fetcher != null;
  }

  private void beginTurn() {
    begunNs = clockNs.getAsLong();
    restedNs = 0;
  }

  private boolean isTimeUp() {
    long usedNs = clockNs.getAsLong() - begunNs - Math.min(restedNs, MOST_RESTED.toNanos());
    return usedNs >= timings.turn().toNanos();
  }

  /** One fetch; false when the partition was given back. */
  boolean runOnce() {
    pool.drainWants();
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
      if (fetcher.prefetch().queue().updateFull()) {
        fetcher.lag().onFull();
        fetcher.prefetch().queue().copyLeftOvers(clockNs.getAsLong());
        return pool.awaitRoom(this) || leave(false);
      }
      fetch(task);
    } catch (RuntimeException fault) {
      log.error("catching up failed by a fault of the gateway, log={}", fetcher.log(), fault);
      fetcher.onRefused(new StorageException(Kind.INTERNAL, "catching up failed", fault));
      reader.close();
    } catch (Error fault) {
      sources.logReaders().onFault(fault);
      fetcher.onTrouble(task, new FetchOutcome.MachineFault(fault));
      reader.close();
    }
    return true;
  }

  private void fetch(FetchTask task) {
    if (!place(task)) {
      return;
    }
    for (var outcome : reader.fetch(() -> isWoken ? Duration.ZERO : timings.poll())) {
      take(task, outcome);
    }
    fetcher.prefetch().queue().copyLeftOvers(clockNs.getAsLong());
  }

  private void take(FetchTask task, FetchOutcome outcome) {
    if (outcome instanceof FetchOutcome.Records records) {
      take(task, records);
    } else if (outcome instanceof FetchOutcome.Away away) {
      onAway(away.reason(), away.isLogged());
    } else {
      // Its last fetch is fetched again.
      reader.forgetPosition();
      onTrouble(task, outcome);
    }
  }

  private void onTrouble(FetchTask task, FetchOutcome trouble) {
    if (trouble instanceof FetchOutcome.Refused refused) {
      fetcher.onRefused(refused.reason());
    } else if (!(trouble instanceof FetchOutcome.PlaceLost)) {
      fetcher.onTrouble(task, trouble);
    }
    if (trouble instanceof FetchOutcome.MachineFault) {
      reader.leave();
    }
  }

  private void take(FetchTask task, FetchOutcome.Records records) {
    isFetchFailing = false;
    var position = records.next();
    reader.advance(position);
    long bytes = 0;
    if (records.batch() != null) {
      bytes = share(task, records);
    } else if (!position.equals(task.position())) {
      // Markers and records of aborted transactions are passed over and not reported.
      fetcher.offer(task, position, null);
    }
    if (records.isAtEnd()) {
      fetcher.onEnd(new FetchTask(task.generation(), position), position);
    }
    rest(task, bytes, records.lag());
  }

  /** How many bytes of records there are. */
  private long share(FetchTask task, FetchOutcome.Records records) {
    var batch = records.batch();
    fetched.add(batch.size());
    var scans = sources.scans();
    if (scans.areSeveral(fetcher.log())) {
      batch.share();
    }
    var fetch = Fetch.of(task.position(), records.next(), batch);
    var others = scans.keep(fetcher.log(), fetcher, fetch, clockNs.getAsLong());
    if (!others.isEmpty()) {
      // Once for all groups.
      fetch.copy();
    }
    fetcher.offer(task, records.next(), fetch);
    for (var other : others) {
      if (other instanceof PartitionFetcher behind && behind.worker() == null) {
        behind.takeKept();
      }
    }
    return batch.bytes();
  }

  private void onAway(StorageException reason, boolean isLogged) {
    if (!isFetchFailing && !isLogged) {
      isFetchFailing = true;
      log.warn(
          "catching up failed, trying on, topic={} partition={} reason={}",
          fetcher.log().topic(),
          fetcher.log().partition(),
          reason.getMessage());
    }
    LockSupport.parkNanos(timings.retry().toNanos());
  }

  /** Rests for the bytes read, as long as the throttle says. */
  private void rest(FetchTask task, long bytes, long lag) {
    boolean isGaining = lag < 0 || fetcher.lag().isGaining(task, lag);
    if (bytes == 0 || !isGaining) {
      return;
    }
    long beganNs = clockNs.getAsLong();
    long restNs = sources.throttle().restNs(bytes);
    if (fetcher.task() == null) {
      return;
    }
    long leftNs = restNs;
    while (leftNs > 0 && !isWoken && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(leftNs);
      leftNs = beganNs + restNs - clockNs.getAsLong();
    }
    restedNs += restNs - leftNs;
  }

  /** Puts the reader where the partition is to go on; false where none can be opened now. */
  private boolean place(FetchTask task) {
    try {
      reader.open();
    } catch (StorageException failure) {
      onAway(failure, false);
      return false;
    }
    reader.place(fetcher.log(), task.position());
    return true;
  }

  private boolean leave(boolean isWanting) {
    fetcher.prefetch().queue().copyAll();
    pool.giveBack(fetcher, this, isWanting);
    fetcher = null;
    return false;
  }
}
