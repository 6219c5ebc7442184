package io.liiklus.storage.read;

import io.liiklus.api.StorageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reader of partitions at their end, into their tail caches. It never pauses a partition and waits
 * for no follower. Confined to its thread, but for {@link #open}, {@link #beginAt} and {@link
 * #close}.
 *
 * <p>It mends no trouble: the caches of the partitions concerned are dropped, and each group meets
 * the trouble by itself, with a catch-up reader. Where the log does not have the offset any more,
 * that waits until it is known whether the topic was made anew.
 */
final class TailReader implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(TailReader.class);

  /**
   * Rest for each follower that got a batch, about twice what sending one takes: at a high rate, to
   * many followers, fewer and larger batches go.
   */
  private static final long REST_NS = 20_000;

  /** The longest rest, and the shortest that is worth it. */
  private static final long LONGEST_REST_NS = 5_000_000;

  private static final long SHORTEST_REST_NS = 200_000;

  /** A fetch of more records is followed by no rest: the batches are large, or it lags behind. */
  private static final int MANY_RECORDS = 500;

  private final ReadSettings settings;
  private final ReadTimings timings;
  private final LogReaders logReaders;
  private final LongSupplier clockNs;
  private final TailCaches caches;
  private final CommandQueue commands;

  // Any thread.
  private volatile Thread thread;
  private volatile boolean isClosing;
  private volatile LogReader reader;

  // The thread's own.
  private final Map<LogId, TailCache> tails = new HashMap<>();

  private boolean isFetchFailing;
  private long caredNs;
  private long maxBytes;
  private long restNs;

  /**
   * @param caches all of them, here and elsewhere
   */
  TailReader(
      ReadSettings settings,
      ReadTimings timings,
      LogReaders logReaders,
      LongSupplier clockNs,
      TailCaches caches) {
    this.settings = settings;
    this.timings = timings;
    this.logReaders = logReaders;
    this.clockNs = clockNs;
    this.caches = caches;
    this.commands = new CommandQueue(clockNs, this::wakeUp);
    this.maxBytes = settings.tailCacheBytes();
  }

  void start(String name) {
    thread = new Thread(this, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins to fill a cache. Any thread. */
  void open(TailCache cache, FetchPosition from) {
    commands.post(() -> begin(cache, from));
  }

  /** Fills a cache from here on, if it was not read into yet. Any thread. */
  void beginAt(TailCache cache, FetchPosition from) {
    commands.post(
        () -> {
          if (tails.get(cache.log()) == cache && cache.isToBeginAt(from)) {
            cache.beginAt(from);
            reader.seek(cache.log(), from);
          }
        });
  }

  /** Any thread. */
  void close() {
    isClosing = true;
    commands.wake();
  }

  private void wakeUp() {
    var fetching = reader;
    if (fetching != null) {
      fetching.wakeUp();
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
      closeReader();
    }
  }

  /** The thread outlives each round: all groups at the end of their logs read by it. */
  private void runSafely() {
    try {
      runOnce();
    } catch (RuntimeException | Error fault) {
      // A fault occurred while one was handled: the next round handles the rest.
      logReaders.onFault(fault);
      LockSupport.parkNanos(timings.poll().toNanos());
    }
  }

  /** Does one round. */
  void runOnce() {
    try {
      commands.runDue();
      careForCaches(clockNs.getAsLong());
      if (restNs > 0 || tails.isEmpty()) {
        rest(tails.isEmpty() ? timings.poll().toNanos() : restNs);
        return;
      }
      long waitNs = commands.beginPoll(timings.poll().toNanos());
      take(reader.fetch(Duration.ofNanos(waitNs)));
    } catch (RuntimeException | Error fault) {
      onFault(fault);
    } finally {
      commands.endPoll();
    }
  }

  private void rest(long longestNs) {
    restNs = 0;
    LockSupport.parkNanos(commands.beginPoll(longestNs));
  }

  /** Time between two trims of the caches. */
  private long careNs() {
    return timings.copyAfter().toNanos() / 4;
  }

  private void careForCaches(long nowNs) {
    if (nowNs - caredNs < careNs()) {
      return;
    }
    caredNs = nowNs;
    boolean isTooMuch = caches.bytes() > settings.tailCachesBytes();
    long share = settings.tailCachesBytes() / Math.max(1, caches.count());
    maxBytes = isTooMuch ? Math.min(settings.tailCacheBytes(), share) : settings.tailCacheBytes();
    for (var cache : List.copyOf(tails.values())) {
      cache.trim(nowNs, timings, maxBytes);
      cache.copyLeftOvers(nowNs, timings.copyAfter().toNanos());
      dropIfUnused(cache, nowNs);
    }
  }

  private void begin(TailCache cache, FetchPosition from) {
    if (reader == null) {
      try {
        reader = logReaders.openAtTail();
      } catch (StorageException | Error failure) {
        log.warn("cannot open a reader, reason={}", failure.getMessage());
        end(cache);
        return;
      }
    }
    dropFormer(cache.log());
    tails.put(cache.log(), cache);
    cache.followedNs = clockNs.getAsLong();
    reader.assign(tails.keySet());
    reader.seek(cache.log(), from);
  }

  /** The log of a topic of the same name that was created meanwhile. */
  private void dropFormer(LogId log) {
    for (var cache : List.copyOf(tails.values())) {
      var other = cache.log();
      if (other.partition() == log.partition() && other.topic().equals(log.topic())) {
        drop(cache);
      }
    }
  }

  private void take(List<FetchOutcome> outcomes) {
    long nowNs = clockNs.getAsLong();
    long given = 0;
    int records = 0;
    for (var outcome : outcomes) {
      if (outcome instanceof FetchOutcome.Records found) {
        if (found.batch() != null && tails.containsKey(found.log())) {
          given += append(found, nowNs);
          records += found.batch().size();
        }
      } else {
        onTrouble(outcome);
      }
    }
    isFetchFailing &= outcomes.stream().anyMatch(FetchOutcome.Away.class::isInstance);
    if (given > 0) {
      caches.onServed(nowNs);
    }
    long wantedNs = Math.min(LONGEST_REST_NS, given * REST_NS);
    if (wantedNs >= SHORTEST_REST_NS && records <= MANY_RECORDS) {
      restNs = wantedNs;
    }
  }

  /** Appends a batch and returns the number of its followers. */
  private int append(FetchOutcome.Records found, long nowNs) {
    var cache = tails.get(found.log());
    int followers = cache.followers();
    if (followers > 1) {
      found.batch().share();
    }
    cache.append(found.batch(), nowNs, maxBytes);
    return followers;
  }

  private void onTrouble(FetchOutcome trouble) {
    if (trouble instanceof FetchOutcome.OfLog ofLog) {
      var cache = tails.get(ofLog.log());
      if (cache != null) {
        forget(cache);
        if (trouble instanceof FetchOutcome.OutOfRange) {
          cache.dropOutOfRange();
        } else {
          cache.drop();
        }
      }
    } else if (trouble instanceof FetchOutcome.Away away) {
      restNs = timings.poll().toNanos();
      if (!isFetchFailing && !away.isLogged()) {
        isFetchFailing = true;
        log.warn("reading at the end failed, trying on, reason={}", away.reason().getMessage());
      }
    } else {
      if (trouble instanceof FetchOutcome.Refused refused) {
        log.warn("reading at the end failed, reason={}", refused.reason().getMessage());
      }
      // The records are fetched again, by a new reader.
      endAll();
      closeReader();
    }
  }

  private void dropIfUnused(TailCache cache, long nowNs) {
    if (cache.hasFollowers()) {
      cache.followedNs = nowNs;
    } else if (nowNs - cache.followedNs >= timings.linger().toNanos() && cache.dropIfUnused()) {
      drop(cache);
    }
  }

  private void drop(TailCache cache) {
    forget(cache);
    cache.drop();
  }

  /** Before it is dropped, so that a group that leaves it finds it no more. */
  private void forget(TailCache cache) {
    tails.remove(cache.log());
    reader.assign(tails.keySet());
    caches.remove(cache);
  }

  private void end(TailCache cache) {
    // In this order: a group that leaves it finds it no more.
    caches.remove(cache);
    cache.drop();
  }

  private void endAll() {
    for (var cache : List.copyOf(tails.values())) {
      end(cache);
      tails.remove(cache.log());
    }
  }

  /** The reader may have lost its place. */
  private void onFault(Throwable fault) {
    if (fault instanceof Error) {
      logReaders.onFault(fault);
    } else {
      log.error("reading at the end failed by a fault of the gateway", fault);
    }
    endAll();
    closeReader();
    LockSupport.parkNanos(timings.poll().toNanos());
  }

  private void closeReader() {
    var closed = reader;
    reader = null;
    if (closed != null) {
      closed.close();
    }
  }
}
