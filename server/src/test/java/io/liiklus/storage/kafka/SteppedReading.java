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
 * The rings, the tail readers and the catch-up readers of a storage, which a test of another
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
      int tailReaders, int catchUpReaders, long ringBytes, long allBytes, long handOffBytes) {}

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
  private final Rings rings;
  private final CatchUpReaders pool;
  private final HandOff.Limits limits;
  private final List<Turned> catchUps = new ArrayList<>();
  private final Set<Integer> turningTails = new HashSet<>();
  private final List<PartitionFeed> feeds = new ArrayList<>();

  /**
   * @param topicIds of all topics of the name that there have been
   */
  public SteppedReading(
      Consumers consumers, Bounds bounds, Supplier<Set<Uuid>> topicIds, LongSupplier clockNs) {
    this.bounds = bounds;
    this.topicIds = topicIds;
    var faults = new StandingFaults(clockNs);
    rings =
        new Rings(
            bounds.tailReaders(),
            () -> consumers.open(true),
            new TailReader.Bounds(
                bounds.ringBytes(), bounds.allBytes(), POLL, COPY, COPY, LINGER, Duration.ZERO),
            clockNs,
            faults);
    // Nothing blocks: who finds nothing to do has waited long enough.
    pool =
        new CatchUpReaders(
            isPaced -> consumers.open(false),
            new CatchUpReaders.Bounds(
                bounds.catchUpReaders(),
                POLL,
                TURN,
                Duration.ZERO,
                Duration.ZERO,
                RETRY,
                Duration.ZERO,
                bounds.allBytes()),
            clockNs,
            CatchUpPace.free(),
            faults,
            (reader, number) -> catchUps.add(new Turned(reader)));
    limits = new HandOff.Limits(bounds.handOffBytes(), COPY.toNanos());
  }

  PartitionFeed feed(
      PartitionFeed.Origin origin,
      PartitionFeed.Owner owner,
      Supplier<CompletionStage<OffsetRange>> range) {
    var sources = new PartitionFeed.Sources(rings, pool);
    var feed = new PartitionFeed(origin, limits, sources, owner, range);
    feeds.add(feed);
    return feed;
  }

  public int tails() {
    return bounds.tailReaders();
  }

  /** A round of a tail reader, which does nothing when it is in the middle of one. */
  public void turnTail(int number) {
    if (turningTails.add(number)) {
      waitForNothing();
      rings.readers().get(number).runOnce();
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
    for (var feed : feeds) {
      if (feed.handOff().bytes() >= bounds.handOffBytes() + batchBytes) {
        return "the hand-off of " + feed.id() + " holds " + feed.handOff().bytes();
      }
    }
    for (var ring : rings()) {
      // A ring has the newest batch for a while, however large.
      if (ring.bytes() > Math.max(bounds.ringBytes(), isAtRest ? 0 : batchBytes)) {
        return "the ring of " + ring.id() + " holds " + ring.bytes();
      }
    }
    return isAtRest && rings.bytes() > bounds.allBytes() ? "all rings hold " + rings.bytes() : null;
  }

  private Set<Ring> rings() {
    var found = new HashSet<Ring>();
    for (var feed : feeds) {
      for (var topicId : topicIds.get()) {
        var ring = rings.find(new PartitionLog(feed.id(), topicId));
        if (ring != null) {
          found.add(ring);
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
    for (var feed : feeds) {
      if (feed.handOff().bytes() > 0) {
        return "the hand-off of " + feed.id() + " holds " + feed.handOff().bytes();
      }
    }
    return rings().stream().anyMatch(Ring::hasFollowers) ? "a ring is followed" : null;
  }

  /** Null, or what the catch-up readers do, which nothing is to be left for. */
  public String whatIsRead() {
    return pool.inUse() > 0 || pool.isWantedElsewhere() ? "partitions have catch-up readers" : null;
  }
}
