package io.liiklus.server.session;

import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.session.AckBatch.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The groups of one event loop. While a write of a position is under way, or its group waits for
 * its turn, the next values collect, and the last of them is written next: an ack that was
 * overtaken gets the outcome of that write. Confined to its event loop; its methods may be called
 * from any thread and go there.
 *
 * <p>A group that gets something to write takes a turn of the {@link WriteRateLimiter}. Where that
 * has come, what is due is written at once, beside other writes of the group that are under way;
 * else the group queues, once, and all of its positions that are due when its turn comes are one
 * write. A group with a flush writes at once, as one that is not paced, and its turn counts all the
 * same.
 */
final class AckShard {

  /**
   * What all lanes share.
   *
   * @param clock as {@link System#nanoTime}
   */
  record Shared(
      PositionsStorage positions,
      int mostPerPosition,
      WriteRateLimiter pace,
      AckCounts counts,
      LongSupplier clock) {}

  private final ScheduledExecutorService loop;
  private final BooleanSupplier isOnLoop;
  private final PositionsStorage positions;
  private final int mostPerPosition;
  private final WriteRateLimiter pace;
  private final AckCounts counts;
  private final LongSupplier clock;

  // Event loop only.
  private final Map<PositionId, PositionAcks> byPosition = new HashMap<>();
  private final Map<GroupAcks.Key, GroupAcks> byGroup = new HashMap<>();

  /** Groups that wait for their turns, which come in this order. */
  private final Queue<GroupAcks> queue = new ArrayDeque<>();

  private boolean isTimerSet;
  private boolean isUrgent;

  /**
   * @param isOnLoop whether the caller runs on the loop
   */
  AckShard(ScheduledExecutorService loop, BooleanSupplier isOnLoop, Shared shared) {
    this.loop = loop;
    this.isOnLoop = isOnLoop;
    this.positions = shared.positions();
    this.mostPerPosition = shared.mostPerPosition();
    this.pace = shared.pace();
    this.counts = shared.counts();
    this.clock = shared.clock();
  }

  void ack(PositionId id, long offset, Waiter waiter) {
    if (isOnLoop.getAsBoolean()) {
      add(id, offset, waiter);
    } else {
      loop.execute(() -> add(id, offset, waiter));
    }
  }

  CompletionStage<Void> flush(PositionId id) {
    var flushed = new CompletableFuture<Void>();
    loop.execute(() -> flush(id, flushed));
    return flushed;
  }

  /** From now on nothing waits for its turn. */
  void flushNow() {
    loop.execute(
        () -> {
          isUrgent = true;
          List.copyOf(queue).forEach(this::writeAll);
        });
  }

  private void add(PositionId id, long offset, Waiter waiter) {
    var position = byPosition.get(id);
    if (position == null) {
      position = remember(id);
    } else if (position.waiting() >= mostPerPosition) {
      counts.waiting.decrementAndGet();
      waiter.completeExceptionally(
          new StorageException(
              Kind.EXHAUSTED,
              "more than ack.maxWaitingPerPosition = " + mostPerPosition + " acks wait"));
      return;
    }
    if (position.add(offset, waiter)) {
      position.group().addDue(position);
      writeDue(position.group());
    }
  }

  private PositionAcks remember(PositionId id) {
    var group = byGroup.computeIfAbsent(GroupAcks.Key.of(id), GroupAcks::new);
    group.onAdded();
    var position = new PositionAcks(id, group);
    byPosition.put(id, position);
    return position;
  }

  private void forget(PositionAcks position) {
    byPosition.remove(position.id());
    if (position.group().onRemoved()) {
      byGroup.remove(position.group().key());
    }
  }

  private void flush(PositionId id, CompletableFuture<Void> flushed) {
    var position = byPosition.get(id);
    if (position == null) {
      flushed.complete(null);
      return;
    }
    position.addFlush(flushed);
    if (position.isDue()) {
      position.group().flushNow();
      writeDue(position.group());
    }
  }

  /** Writes what is due, or sees to it that it is written. */
  private void writeDue(GroupAcks group) {
    if (isUrgent || group.isUrgent()) {
      writeAll(group);
    } else if (group.hasDue() && !group.isQueued()) {
      long nowNs = clock.getAsLong();
      long turnNs = pace.takeTurn(nowNs, group.hasSingleAck());
      if (turnNs - nowNs <= 0) {
        write(group);
      } else {
        group.queue(turnNs);
        queue.add(group);
        setTimer(nowNs);
      }
    }
  }

  /** Now; a turn that the group waits for stays, for what comes until then. */
  private void writeAll(GroupAcks group) {
    while (group.hasDue()) {
      var unused = pace.takeTurn(clock.getAsLong(), false);
      write(group);
    }
  }

  private void setTimer(long nowNs) {
    if (!isTimerSet && !queue.isEmpty()) {
      isTimerSet = true;
      long delayNs = queue.element().turnNs() - nowNs;
      var unused = loop.schedule(this::onTurn, delayNs, TimeUnit.NANOSECONDS);
    }
  }

  private void onTurn() {
    isTimerSet = false;
    long nowNs = clock.getAsLong();
    while (!queue.isEmpty() && queue.element().turnNs() - nowNs <= 0) {
      var group = queue.remove();
      group.unqueue();
      if (group.hasDue()) {
        write(group);
      } else {
        pace.endTurn();
      }
    }
    setTimer(nowNs);
  }

  /** One write, for one turn, of as much as it may hold; what is left takes the next turn. */
  private void write(GroupAcks group) {
    var written = group.beginWrite();
    counts.writes.increment();
    var unused =
        positions
            .store(group.values(written))
            .whenComplete(
                (stored, failure) -> loop.execute(() -> onWritten(group, written, failure)));
    if (group.hasDue() && !group.isUrgent()) {
      writeDue(group);
    }
  }

  private void onWritten(GroupAcks group, List<PositionAcks> written, Throwable thrown) {
    pace.endTurn();
    var failure = thrown == null ? null : StorageException.of(thrown);
    if (failure != null && failure.kind() == Kind.UNAVAILABLE) {
      onAway(group, written, failure);
      return;
    }
    for (var position : written) {
      var answered = position.endWrite();
      if (position.hasCollected()) {
        group.addDue(position);
      } else {
        forget(position);
      }
      answer(answered, failure);
    }
    writeDue(group);
  }

  private void onAway(GroupAcks group, List<PositionAcks> written, StorageException failure) {
    long nowNs = clock.getAsLong();
    var resting = new ArrayList<PositionAcks>(written.size());
    int failures = 0;
    for (var position : written) {
      var expired = position.retry(nowNs);
      if (position.hasCollected()) {
        resting.add(position);
        failures = Math.max(failures, position.failures());
      } else {
        forget(position);
      }
      answer(expired, failure);
    }
    if (!resting.isEmpty()) {
      Runnable retry =
          () -> {
            resting.forEach(group::addDue);
            writeDue(group);
          };
      var unused = loop.schedule(retry, Retry.delayMs(failures), TimeUnit.MILLISECONDS);
    }
  }

  private void answer(AckBatch round, StorageException failure) {
    counts.waiting.addAndGet(-round.size());
    if (failure == null) {
      counts.stored.add(round.size());
    }
    round.answer(failure);
  }
}
