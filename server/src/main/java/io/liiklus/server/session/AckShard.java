package io.liiklus.server.session;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.server.session.AckBatch.Waiter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Groups of one event loop, and the turns that they wait for. While a write of a position is under
 * way, or its group waits for its turn, the next values collect, and the last of them is written
 * next: an ack that was overtaken gets the outcome of that write. Confined to its event loop;
 * {@link #ack}, {@link #flush} and {@link #flushNow} may be called from any thread and go there.
 */
final class AckShard {

  /** Time at which a group may write. */
  private record Turn(GroupAcks group, long atNs) {}

  private final ScheduledExecutorService loop;
  private final BooleanSupplier isOnLoop;
  private final AckBudget budget;
  private final PacedPositions positions;
  private final Retry retry;

  // Event loop only.
  private final Map<GroupAcks.Key, GroupAcks> groups = new HashMap<>();

  /** Turns, one a group, in their order. */
  private final Queue<Turn> turns = new ArrayDeque<>();

  private boolean isTimerSet;

  /** From now on no group waits for its turn. */
  private boolean isUrgent;

  /**
   * @param isOnLoop whether the caller runs on the loop
   * @param retry on the loop
   */
  AckShard(
      ScheduledExecutorService loop,
      BooleanSupplier isOnLoop,
      AckBudget budget,
      PacedPositions positions,
      Retry retry) {
    this.loop = loop;
    this.isOnLoop = isOnLoop;
    this.budget = budget;
    this.positions = positions;
    this.retry = retry;
  }

  void ack(PositionId id, long offset, Waiter waiter) {
    if (isOnLoop.getAsBoolean()) {
      add(id, offset, waiter);
    } else {
      loop.execute(() -> add(id, offset, waiter));
    }
  }

  private void add(PositionId id, long offset, Waiter waiter) {
    var group = groups.computeIfAbsent(GroupAcks.Key.of(id), key -> new GroupAcks(key, this));
    if (!group.add(id.partition(), offset, waiter)) {
      budget.remove(1, false);
      waiter.completeExceptionally(budget.tooManyOfPosition());
    }
  }

  CompletionStage<Void> flush(PositionId id) {
    var flushed = new CompletableFuture<Void>();
    loop.execute(
        () -> {
          var group = groups.get(GroupAcks.Key.of(id));
          if (group == null) {
            flushed.complete(null);
          } else {
            group.flush(id.partition(), flushed);
          }
        });
    return flushed;
  }

  /** From now on nothing waits for its turn, and what waits is written. */
  void flushNow() {
    loop.execute(
        () -> {
          isUrgent = true;
          var waiting = List.copyOf(turns);
          turns.clear();
          waiting.forEach(turn -> turn.group().onTurn());
        });
  }

  int maxPerPosition() {
    return budget.perPosition();
  }

  long nowNs() {
    return positions.nowNs();
  }

  /**
   * Takes the next turn for a group.
   *
   * @param isSingle whether no more than one ack is to be written
   * @return whether it is now; else {@link GroupAcks#onTurn} is called when it comes
   */
  boolean takeTurn(GroupAcks group, boolean isSingle) {
    long nowNs = nowNs();
    long turnNs = positions.takeTurn(nowNs, isSingle);
    if (isUrgent || turnNs - nowNs <= 0) {
      return true;
    }
    turns.add(new Turn(group, turnNs));
    setTimer(nowNs);
    return false;
  }

  /** Takes a turn that is not waited for. */
  void takeTurnNow() {
    var unused = positions.takeTurn(nowNs(), false);
  }

  /** Nothing was to be written when the turn came. */
  void endTurn() {
    positions.endTurn();
  }

  private void setTimer(long nowNs) {
    if (!isTimerSet && !turns.isEmpty()) {
      isTimerSet = true;
      long delayNs = turns.element().atNs() - nowNs;
      var unused = loop.schedule(this::onTurn, delayNs, TimeUnit.NANOSECONDS);
    }
  }

  private void onTurn() {
    isTimerSet = false;
    long nowNs = nowNs();
    while (!turns.isEmpty() && turns.element().atNs() - nowNs <= 0) {
      turns.remove().group().onTurn();
    }
    setTimer(nowNs);
  }

  /**
   * Writes, which ends the turn that it was for.
   *
   * @param onWritten gets null, or why it was not written, on the loop
   */
  void store(GroupPositions values, Consumer<StorageException> onWritten) {
    var unused =
        positions
            .store(values)
            .whenComplete(
                (stored, thrown) ->
                    loop.execute(
                        () -> {
                          endTurn();
                          onWritten.accept(thrown == null ? null : StorageException.of(thrown));
                        }));
  }

  /** Runs a task when a storage that was away so many times in a row is to be tried again. */
  void afterRest(int failures, Runnable task) {
    retry.later(failures, task);
  }

  void forget(GroupAcks group) {
    groups.remove(group.key());
  }

  void answer(AckBatch batch, StorageException failure) {
    budget.remove(batch.size(), failure == null);
    batch.answer(failure);
  }
}
