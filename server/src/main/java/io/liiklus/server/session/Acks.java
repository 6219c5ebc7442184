package io.liiklus.server.session;

import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.session.AckBatch.Waiter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Way of acks to the positions storage, in no more writes than the bound. Each group belongs to one
 * of the event loops, whose {@link AckShard} writes each position one value at a time. Thread-safe.
 */
public final class Acks {

  /**
   * The settings below {@code ack} that bound waiting acks. Immutable.
   *
   * @param perPosition how many acks may wait for one position
   * @param inAll how many may wait at all
   * @param writesPerSecond how often the storage is written to, from 1 to 1,000,000
   */
  public record Options(int perPosition, int inAll, int writesPerSecond) {

    public static Options read(Settings ack) {
      return new Options(
          ack.integer("maxWaitingPerPosition", 1, Integer.MAX_VALUE),
          ack.integer("maxWaiting", 1, Integer.MAX_VALUE),
          ack.integer("maxWritesPerSecond", 1, 1_000_000));
    }
  }

  private final List<AckShard> shards;
  private final AckBudget budget;
  private final PacedPositions positions;

  /**
   * @param isCurrent whether the caller runs on this loop
   */
  public <L extends ScheduledExecutorService> Acks(
      PositionsStorage positions, List<L> loops, Predicate<L> isCurrent, Options options) {
    this(
        positions,
        loops,
        isCurrent,
        options,
        System::nanoTime,
        () -> ThreadLocalRandom.current().nextDouble());
  }

  <L extends ScheduledExecutorService> Acks(
      PositionsStorage positions,
      List<L> loops,
      Predicate<L> isCurrent,
      Options options,
      LongSupplier clock,
      DoubleSupplier random) {
    this.budget = new AckBudget(options);
    this.positions = new PacedPositions(positions, options.writesPerSecond(), clock);
    this.shards =
        loops.stream()
            .map(loop -> shard(loop, () -> isCurrent.test(loop), new Retry(loop, random)))
            .toList();
  }

  private AckShard shard(ScheduledExecutorService loop, BooleanSupplier isCurrent, Retry retry) {
    return new AckShard(loop, isCurrent, budget, positions, retry);
  }

  /**
   * Completes when the position, or one that overtook it, is stored. A storage that is away is
   * tried again until then.
   *
   * @param patience how long somebody waits for this
   */
  public CompletionStage<Void> ack(PositionId id, long offset, Duration patience) {
    return ack(id, offset, patience, failure -> {});
  }

  /**
   * The same.
   *
   * @param onAway notified each time that the storage is away, on an event loop
   */
  public CompletionStage<Void> ack(
      PositionId id, long offset, Duration patience, Consumer<StorageException> onAway) {
    if (!budget.add()) {
      return CompletableFuture.failedStage(budget.tooMany());
    }
    var waiter = new Waiter(positions.nowNs() + patience.toNanos(), onAway);
    try {
      shard(id).ack(id, offset, waiter);
    } catch (RejectedExecutionException closed) {
      budget.remove(1, false);
      waiter.completeExceptionally(
          new StorageException(Kind.UNAVAILABLE, "the gateway has shut down"));
    }
    return waiter;
  }

  /**
   * Completes when no ack of these positions waits; never fails. Acks that wait for their turn are
   * written at once.
   */
  public CompletionStage<Void> flush(Collection<PositionId> ids) {
    var all = ids.stream().map(id -> shard(id).flush(id)).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all);
  }

  /** From now on everything is written at once, as the gateway ends. */
  public void flushNow() {
    shards.forEach(AckShard::flushNow);
  }

  /** Number of acks that wait right now. */
  public int waiting() {
    return budget.waiting();
  }

  /** Number of acks that were answered as stored. */
  public long stored() {
    return budget.stored();
  }

  /** Number of writes that the storage was asked for. */
  public long writes() {
    return positions.writes();
  }

  /** The shard of all positions of a group, which may be written together. */
  private AckShard shard(PositionId id) {
    int hash = 31 * id.topic().hashCode() + id.group().hashCode();
    return shards.get(Math.floorMod(hash, shards.size()));
  }
}
