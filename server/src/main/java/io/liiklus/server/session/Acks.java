package io.liiklus.server.session;

import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings acks to the positions storage. Each position belongs to one of the event loops, whose
 * {@link AckLane} writes it one value at a time. Thread-safe.
 */
public final class Acks {

  /**
   * @param perPosition how many acks may wait for one position
   * @param inAll how many may wait at all
   */
  public record Bounds(int perPosition, int inAll) {}

  private final List<AckLane> lanes;
  private final Bounds bounds;
  private final AtomicInteger waiting = new AtomicInteger();

  public Acks(
      PositionsStorage positions, List<? extends ScheduledExecutorService> loops, Bounds bounds) {
    this.bounds = bounds;
    this.lanes =
        loops.stream()
            .map(loop -> new AckLane(positions, loop, bounds.perPosition(), waiting))
            .toList();
  }

  /**
   * Completes when the position, or one that overtook it, is stored. A storage that is away is
   * tried again until then.
   *
   * @param patience how long somebody waits for this
   */
  public CompletionStage<Void> ack(PositionId id, long offset, Duration patience) {
    if (waiting.incrementAndGet() > bounds.inAll()) {
      waiting.decrementAndGet();
      return CompletableFuture.failedStage(
          new StorageException(
              Kind.EXHAUSTED, "more than ack.maxWaiting = " + bounds.inAll() + " acks wait"));
    }
    var waiter = new AckLane.Waiter(System.nanoTime() + patience.toNanos());
    try {
      lane(id).ack(id, offset, waiter);
    } catch (RejectedExecutionException closed) {
      waiting.decrementAndGet();
      waiter.answer.completeExceptionally(
          new StorageException(Kind.UNAVAILABLE, "the gateway has shut down"));
    }
    return waiter.answer;
  }

  /** Completes when nothing waits for any of these positions; never fails. */
  public CompletionStage<Void> flush(Collection<PositionId> ids) {
    var all = ids.stream().map(id -> lane(id).flush(id)).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all);
  }

  /** How many acks wait right now. */
  public int waiting() {
    return waiting.get();
  }

  private AckLane lane(PositionId id) {
    return lanes.get(Math.floorMod(id.hashCode(), lanes.size()));
  }
}
