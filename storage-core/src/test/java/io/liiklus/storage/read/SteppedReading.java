package io.liiklus.storage.read;

import io.liiklus.api.OffsetRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reading of a storage that a test turns by hand, without a thread. Confined to the test's thread.
 */
public final class SteppedReading {

  /** Batches are copied after so long. */
  public static final Duration COPY = Duration.ofMillis(100);

  /** A tail cache without followers stays so long. */
  public static final Duration LINGER = Duration.ofSeconds(5);

  /** The longest wait of a fetch, where readers wait. */
  public static final Duration POLL = Duration.ofMillis(100);

  private static final Duration NONE = Duration.ZERO;

  private static final class Turned {
    private final CatchUpReader reader;
    private boolean hasBegun;
    private boolean isTurning;

    private Turned(CatchUpReader reader) {
      this.reader = reader;
    }
  }

  private final ReadSettings settings;
  private final SharedReading reading;
  private final List<Turned> catchUps = new ArrayList<>();
  private final Set<Integer> turningTails = new HashSet<>();
  private final List<PartitionFetcher> fetchers = new ArrayList<>();

  /**
   * @param poll how long fetches may wait
   */
  public SteppedReading(
      ReadSettings settings, LogReaders logReaders, Duration poll, LongSupplier clockNs) {
    // Nothing blocks: who finds nothing to do has waited long enough.
    this(
        settings,
        new ReadTimings(poll, COPY, COPY, LINGER, COPY, NONE, NONE, Duration.ofNanos(1)),
        logReaders,
        clockNs);
  }

  SteppedReading(
      ReadSettings settings, ReadTimings timings, LogReaders logReaders, LongSupplier clockNs) {
    this.settings = settings;
    this.reading =
        new SharedReading(
            settings,
            timings,
            logReaders,
            clockNs,
            isTailServed -> CatchUpThrottle.unlimited(),
            (reader, number) -> catchUps.add(new Turned(reader))) {
          @Override
          public PartitionFetcher fetcher(
              LogId log,
              long startOffset,
              FetchListener listener,
              Supplier<CompletionStage<OffsetRange>> range) {
            var fetcher = super.fetcher(log, startOffset, listener, range);
            fetchers.add(fetcher);
            return fetcher;
          }
        };
  }

  /** What the parts under test share. */
  public SharedReading reading() {
    return reading;
  }

  public PartitionFetcher fetcher(
      LogId log, long from, FetchListener listener, Supplier<CompletionStage<OffsetRange>> range) {
    return reading.fetcher(log, from, listener, range);
  }

  /** Tail readers that there are. */
  public int tails() {
    return settings.tailReaders();
  }

  /** A round of a tail reader, which does nothing when it is in the middle of one. */
  public void turnTail(int number) {
    reading.control().runDue();
    if (turningTails.add(number)) {
      waitForNothing();
      reading.caches().readers().get(number).runOnce();
      turningTails.remove(number);
    }
  }

  /** How many catch-up readers run. */
  public int catchUps() {
    return catchUps.size();
  }

  /** A catch-up reader takes a partition, or has a round with it; false where it has ended. */
  public boolean turnCatchUp(int number) {
    var turned = catchUps.get(number);
    if (turned.isTurning) {
      return true;
    }
    turned.isTurning = true;
    waitForNothing();
    boolean goesOn = true;
    if (turned.hasBegun) {
      turned.hasBegun = turned.reader.runOnce();
    } else {
      turned.hasBegun = turned.reader.begin();
      if (!turned.hasBegun) {
        goesOn = false;
        catchUps.remove(turned);
      }
    }
    turned.isTurning = false;
    return goesOn;
  }

  /** Turns all readers until no catch-up reader has anything to do. */
  void turnAll() {
    for (int i = 0; i < settings.tailReaders(); i++) {
      turnTail(i);
    }
    while (catchUps() > 0) {
      while (turnCatchUp(0)) {}
      turnTail(0);
    }
  }

  /** Ends all readers. */
  public void close() {
    reading.close();
    for (var reader : reading.caches().readers()) {
      reader.run();
    }
    catchUps.forEach(turned -> turned.reader.run());
  }

  /** The next wait of this thread for its turn, if there is one, ends at once. */
  private static void waitForNothing() {
    LockSupport.unpark(Thread.currentThread());
  }

  /** Whether a group reads the log from its tail cache. */
  public boolean isAtTail(LogId log) {
    var cache = reading.caches().find(log);
    return cache != null && cache.hasFollowers();
  }

  /** Tail caches that there are. */
  public int tailCaches() {
    return reading.caches().count();
  }

  /** About how many bytes of records all tail caches have. */
  public long tailBytes() {
    return reading.caches().bytes();
  }

  /** Partitions that have a catch-up reader. */
  public int inUse() {
    return reading.pool().inUse();
  }

  /** How many records catch-up readers fetched. */
  public long caughtUp() {
    return reading.caughtUp().sum();
  }

  /**
   * Null, or what has more than it may.
   *
   * @param isAtRest whether nothing was fetched for long
   */
  public String whatHoldsTooMuch(long batchBytes, boolean isAtRest) {
    for (var fetcher : fetchers) {
      if (bytes(fetcher) >= settings.prefetchBytes() + batchBytes) {
        return "the prefetch of " + fetcher.log() + " has " + bytes(fetcher);
      }
    }
    for (var cache : caches()) {
      // A cache has the newest batch for a while, however large.
      if (cache.bytes() > Math.max(settings.tailCacheBytes(), isAtRest ? 0 : batchBytes)) {
        return "the cache of " + cache.log() + " has " + cache.bytes();
      }
    }
    return isAtRest && tailBytes() > settings.tailCachesBytes()
        ? "all caches have " + tailBytes()
        : null;
  }

  private static long bytes(PartitionFetcher fetcher) {
    return fetcher.prefetch().queue().bytes();
  }

  private Set<TailCache> caches() {
    var found = new HashSet<TailCache>();
    for (var fetcher : fetchers) {
      var cache = reading.caches().find(fetcher.log());
      if (cache != null) {
        found.add(cache);
      }
    }
    return found;
  }

  /** Null, or what is read though nobody is there to read it. */
  public String whatIsLeft() {
    if (whatIsRead() != null) {
      return whatIsRead();
    }
    for (var fetcher : fetchers) {
      if (bytes(fetcher) > 0) {
        return "the prefetch of " + fetcher.log() + " has " + bytes(fetcher);
      }
    }
    return caches().stream().anyMatch(TailCache::hasFollowers) ? "a cache is followed" : null;
  }

  /** Null, or what the catch-up readers do, which nothing is to be left for. */
  public String whatIsRead() {
    var pool = reading.pool();
    return pool.inUse() > 0 || pool.isWantedElsewhere() ? "partitions have catch-up readers" : null;
  }
}
