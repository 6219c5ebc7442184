package io.liiklus.server.session;

import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The positions of one event loop. While a write of a position is under way the next values
 * collect, and the last of them is written next: an ack that was overtaken gets the outcome of that
 * write. Confined to its event loop; its methods may be called from any thread and go there.
 */
final class AckLane {

  /** A call that waits for its position to be stored. */
  static final class Waiter {
    final CompletableFuture<Void> answer = new CompletableFuture<>();
    private final long deadlineNs;

    Waiter(long deadlineNs) {
      this.deadlineNs = deadlineNs;
    }

    private boolean isExpired(long nowNs) {
      return deadlineNs - nowNs <= 0;
    }
  }

  /** Acks that one write answers, and flushes that wait for no more than these. */
  private static final class Round {
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<CompletableFuture<Void>> flushes = new ArrayList<>();

    private void addAll(Round other) {
      waiters.addAll(other.waiters);
      flushes.addAll(other.flushes);
    }

    private void completeFlushes() {
      flushes.forEach(flush -> flush.complete(null));
    }
  }

  /** One position with acks; forgotten when the last of them is answered. */
  private static final class Slot {
    private final PositionId id;
    private long offset;
    private Round collecting = new Round();
    private Round writing = new Round();
    private int failures;

    /** From the first write until nothing is left to write. */
    private boolean isBusy;

    private Slot(PositionId id) {
      this.id = id;
    }
  }

  private final PositionsStorage positions;
  private final ScheduledExecutorService loop;
  private final int mostPerPosition;
  private final AtomicInteger waiting;
  private final Map<PositionId, Slot> slots = new HashMap<>();

  AckLane(
      PositionsStorage positions,
      ScheduledExecutorService loop,
      int mostPerPosition,
      AtomicInteger waiting) {
    this.positions = positions;
    this.loop = loop;
    this.mostPerPosition = mostPerPosition;
    this.waiting = waiting;
  }

  void ack(PositionId id, long offset, Waiter waiter) {
    loop.execute(() -> add(id, offset, waiter));
  }

  CompletableFuture<Void> flush(PositionId id) {
    var flushed = new CompletableFuture<Void>();
    loop.execute(
        () -> {
          var slot = slots.get(id);
          if (slot == null) {
            flushed.complete(null);
          } else {
            // Not for what comes later, which may never end.
            var last = slot.collecting.waiters.isEmpty() ? slot.writing : slot.collecting;
            last.flushes.add(flushed);
          }
        });
    return flushed;
  }

  private void add(PositionId id, long offset, Waiter waiter) {
    var slot = slots.computeIfAbsent(id, Slot::new);
    if (slot.collecting.waiters.size() + slot.writing.waiters.size() >= mostPerPosition) {
      fail(
          List.of(waiter),
          new StorageException(
              Kind.EXHAUSTED,
              "more than ack.maxWaitingPerPosition = " + mostPerPosition + " acks wait"));
      return;
    }
    slot.offset = offset;
    slot.collecting.waiters.add(waiter);
    if (!slot.isBusy) {
      slot.isBusy = true;
      write(slot);
    }
  }

  private void write(Slot slot) {
    slot.writing = slot.collecting;
    slot.collecting = new Round();
    var unused =
        positions
            .store(slot.id, slot.offset)
            .whenComplete(
                (stored, failure) ->
                    loop.execute(
                        () -> {
                          if (failure == null) {
                            onStored(slot);
                          } else {
                            onFailed(slot, StorageException.of(failure));
                          }
                        }));
  }

  private void onStored(Slot slot) {
    slot.failures = 0;
    var done = slot.writing;
    slot.writing = new Round();
    waiting.addAndGet(-done.waiters.size());
    for (var waiter : done.waiters) {
      waiter.answer.complete(null);
    }
    done.completeFlushes();
    writeOrForget(slot);
  }

  private void onFailed(Slot slot, StorageException failure) {
    var failed = slot.writing;
    slot.writing = new Round();
    if (failure.kind() != Kind.UNAVAILABLE) {
      slot.failures = 0;
      fail(failed.waiters, failure);
      failed.completeFlushes();
      writeOrForget(slot);
      return;
    }
    long nowNs = System.nanoTime();
    var expired = new ArrayList<Waiter>();
    failed.waiters.removeIf(waiter -> waiter.isExpired(nowNs) && expired.add(waiter));
    fail(expired, failure);
    failed.addAll(slot.collecting);
    slot.collecting = failed;
    if (failed.waiters.isEmpty()) {
      failed.completeFlushes();
      slots.remove(slot.id);
      return;
    }
    slot.failures++;
    var unused =
        loop.schedule(() -> write(slot), Retry.delayMs(slot.failures), TimeUnit.MILLISECONDS);
  }

  private void writeOrForget(Slot slot) {
    if (slot.collecting.waiters.isEmpty()) {
      slots.remove(slot.id);
    } else {
      write(slot);
    }
  }

  private void fail(List<Waiter> waiters, StorageException failure) {
    waiting.addAndGet(-waiters.size());
    for (var waiter : waiters) {
      waiter.answer.completeExceptionally(failure);
    }
  }
}
