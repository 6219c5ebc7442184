package io.liiklus.server.session;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Writes to the positions storage, at one rate for all shards. Thread-safe. */
final class PacedPositions {

  private final PositionsStorage positions;
  private final LongSupplier clock;
  private final WriteRateLimiter rate;
  private final LongAdder writes = new LongAdder();

  /**
   * @param clock as {@link System#nanoTime}
   */
  PacedPositions(PositionsStorage positions, int writesPerSecond, LongSupplier clock) {
    this.positions = positions;
    this.clock = clock;
    this.rate = new WriteRateLimiter(writesPerSecond, clock.getAsLong());
  }

  long nowNs() {
    return clock.getAsLong();
  }

  /** See {@link WriteRateLimiter#takeTurn}. */
  long takeTurn(long nowNs, boolean isSingle) {
    return rate.takeTurn(nowNs, isSingle);
  }

  void endTurn() {
    rate.endTurn();
  }

  CompletionStage<Void> store(GroupPositions values) {
    writes.increment();
    return positions.store(values);
  }

  /** Number of writes that the storage was asked for. */
  long writes() {
    return writes.sum();
  }
}
