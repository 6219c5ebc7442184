package io.liiklus.storage.read;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.List;
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

  // Any thread.
  private volatile LogReader reader;
  private volatile boolean isFetching;
  private volatile boolean isWoken;
  private volatile Thread thread;

  // The thread's own: the partition it reads.
  private PartitionFetcher fetcher;
  private long begunNs;
  private long restedNs;

  /** The log that the reader was last assigned; null: none. */
  private LogId placed;

  /** Position in that log; null where it is to be sought. */
  private FetchPosition position;

  private boolean isFetchFailing;

  CatchUpReader(CatchUpReaderPool pool, SharedReading sources) {
    this.pool = pool;
    this.sources = sources;
    this.timings = sources.timings();
    this.clockNs = sources::nowNs;
    this.fetched = sources.caughtUp();
  }

  @Override
  public void wake() {
    isWoken = true;
    var fetching = reader;
    if (isFetching && fetching != null) {
      fetching.wakeUp();
    }
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
      closeReader();
    }
  }

  /** Takes a partition; false when the reader is to end. */
  boolean begin() {
    var next = isTimeUp() || placed == null ? null : pool.takeBeside(this, placed, position);
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
      closeReader();
    } catch (Error fault) {
      sources.logReaders().onFault(fault);
      fetcher.onTrouble(task, new FetchOutcome.MachineFault(fault));
      closeReader();
    }
    return true;
  }

  private void fetch(FetchTask task) {
    if (!place(task)) {
      return;
    }
    List<FetchOutcome> outcomes;
    try {
      isFetching = true;
      outcomes = reader.fetch(isWoken ? Duration.ZERO : timings.poll());
    } finally {
      isFetching = false;
    }
    for (var outcome : outcomes) {
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
      position = null;
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
      unplace();
    }
  }

  private void take(FetchTask task, FetchOutcome.Records records) {
    isFetchFailing = false;
    position = records.next();
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
    var fetch = Fetch.of(task.position(), position, batch);
    var others = scans.keep(fetcher.log(), fetcher, fetch, clockNs.getAsLong());
    if (!others.isEmpty()) {
      // Once for all groups.
      fetch.copy();
    }
    fetcher.offer(task, position, fetch);
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
    if (reader == null) {
      try {
        reader = sources.logReaders().openBehind();
      } catch (StorageException failure) {
        onAway(failure, false);
        return false;
      }
    }
    if (!fetcher.log().equals(placed)) {
      placed = fetcher.log();
      position = null;
      reader.assign(List.of(placed));
    }
    if (!task.position().equals(position)) {
      reader.seek(placed, task.position());
      position = task.position();
    }
    return true;
  }

  private boolean leave(boolean isWanting) {
    fetcher.prefetch().queue().copyAll();
    pool.giveBack(fetcher, this, isWanting);
    fetcher = null;
    return false;
  }

  /** Drops the fetches ahead. */
  private void unplace() {
    if (placed != null) {
      placed = null;
      position = null;
      reader.assign(List.of());
    }
  }

  private void closeReader() {
    var closed = reader;
    reader = null;
    placed = null;
    position = null;
    if (closed != null) {
      closed.close();
    }
  }
}
