package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * The caches, the tail readers and the catch-up readers of a storage, which a test of another
 * package turns. Confined to the test's thread.
 */
public final class SteppedReading {

  /** How long a poll waits when there is nothing to read. */
  public static final Duration POLL = Duration.ofMillis(100);

  private static final Duration COPY = Duration.ofMillis(100);
  private static final Duration LINGER = Duration.ofSeconds(5);
  private static final Duration TURN = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofMillis(200);

  /** How many readers there are, and how much is held. */
  public record Bounds(
      int tailReaders,
      int catchUpReaders,
      long tailCacheBytes,
      long allBytes,
      long prefetchBytes) {}

  /** Opens consumers that are in no group. */
  public interface Consumers {

    Consumer<ByteBuffer, ByteBuffer> open(boolean isOfTail);
  }

  private static final class Turned {
    private final CatchUpReader reader;
    private boolean hasBegun;
    private boolean isTurning;

    private Turned(CatchUpReader reader) {
      this.reader = reader;
    }
  }

  private final Bounds bounds;
  private final Supplier<Set<Uuid>> topicIds;
  private final TailCaches caches;
  private final CatchUpReaderPool pool;
  private final PrefetchingReader.Limits limits;
  private final List<Turned> catchUps = new ArrayList<>();
  private final Set<Integer> turningTails = new HashSet<>();
  private final List<PartitionFetcher> fetchers = new ArrayList<>();

  /**
   * @param topicIds of all topics of the name that there have been
   */
  public SteppedReading(
      Consumers consumers, Bounds bounds, Supplier<Set<Uuid>> topicIds, LongSupplier clockNs) {
    this.bounds = bounds;
    this.topicIds = topicIds;
    var faults = new StandingFaults(clockNs);
    caches =
        new TailCaches(
            bounds.tailReaders(),
            () -> consumers.open(true),
            new TailReader.Bounds(
                bounds.tailCacheBytes(),
                bounds.allBytes(),
                POLL,
                COPY,
                COPY,
                LINGER,
                Duration.ZERO),
            clockNs,
            faults);
    // Nothing blocks: who finds nothing to do has waited long enough.
    pool =
        new CatchUpReaderPool(
            isPaced -> consumers.open(false),
            new CatchUpReaderPool.Bounds(
                bounds.catchUpReaders(),
                POLL,
                TURN,
                Duration.ZERO,
                Duration.ZERO,
                RETRY,
                Duration.ZERO,
                bounds.allBytes()),
            clockNs,
            CatchUpThrottle.free(),
            faults,
            (reader, number) -> catchUps.add(new Turned(reader)));
    limits = new PrefetchingReader.Limits(bounds.prefetchBytes(), COPY.toNanos());
  }

  PartitionFetcher fetcher(
      PartitionFetcher.Origin origin,
      PartitionFetcher.Owner owner,
      Supplier<CompletionStage<OffsetRange>> range) {
    var sources = new PartitionFetcher.Sources(caches, pool);
    var fetcher = new PartitionFetcher(origin, limits, sources, owner, range);
    fetchers.add(fetcher);
    return fetcher;
  }

  public int tails() {
    return bounds.tailReaders();
  }

  /** A round of a tail reader, which does nothing when it is in the middle of one. */
  public void turnTail(int number) {
    if (turningTails.add(number)) {
      waitForNothing();
      caches.readers().get(number).runOnce();
      turningTails.remove(number);
    }
  }

  /** How many catch-up readers run. */
  public int catchUps() {
    return catchUps.size();
  }

  /** A catch-up reader takes a partition, or has a round with it. */
  public void turnCatchUp(int number) {
    var turned = catchUps.get(number);
    if (turned.isTurning) {
      return;
    }
    turned.isTurning = true;
    waitForNothing();
    if (turned.hasBegun) {
      turned.hasBegun = turned.reader.runOnce();
    } else {
      turned.hasBegun = turned.reader.begin();
      if (!turned.hasBegun) {
        catchUps.remove(turned);
      }
    }
    turned.isTurning = false;
  }

  /** The next wait of this thread for its turn, if there is one, ends at once. */
  private static void waitForNothing() {
    LockSupport.unpark(Thread.currentThread());
  }

  /**
   * Null, or what holds more than it may.
   *
   * @param isAtRest whether nothing was fetched for long
   */
  public String whatHoldsTooMuch(long batchBytes, boolean isAtRest) {
    for (var fetcher : fetchers) {
      if (fetcher.prefetch().bytes() >= bounds.prefetchBytes() + batchBytes) {
        return "the hand-off of " + fetcher.id() + " holds " + fetcher.prefetch().bytes();
      }
    }
    for (var cache : caches()) {
      // A cache has the newest batch for a while, however large.
      if (cache.bytes() > Math.max(bounds.tailCacheBytes(), isAtRest ? 0 : batchBytes)) {
        return "the cache of " + cache.id() + " holds " + cache.bytes();
      }
    }
    return isAtRest && caches.bytes() > bounds.allBytes()
        ? "all caches hold " + caches.bytes()
        : null;
  }

  private Set<TailCache> caches() {
    var found = new HashSet<TailCache>();
    for (var fetcher : fetchers) {
      for (var topicId : topicIds.get()) {
        var cache = caches.find(new PartitionLog(fetcher.id(), topicId));
        if (cache != null) {
          found.add(cache);
        }
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
      if (fetcher.prefetch().bytes() > 0) {
        return "the hand-off of " + fetcher.id() + " holds " + fetcher.prefetch().bytes();
      }
    }
    return caches().stream().anyMatch(TailCache::hasFollowers) ? "a cache is followed" : null;
  }

  /** Null, or what the catch-up readers do, which nothing is to be left for. */
  public String whatIsRead() {
    return pool.inUse() > 0 || pool.isWantedElsewhere() ? "partitions have catch-up readers" : null;
  }
}
