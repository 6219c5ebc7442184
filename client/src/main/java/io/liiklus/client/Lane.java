package io.liiklus.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Records that are handled one after the other, those of one partition or of some of its keys.
 * Confined to the loop, but for the handler, which runs on threads of its own.
 */
final class Lane {

  /** One record that is here. */
  record Item(ReceivedRecord record, Progress.Entry entry) {}

  private final PartitionRun run;
  private final Handler handler;
  private final Deque<Item> waiting = new ArrayDeque<>();

  /** With the handler; empty: it does not run. */
  private List<Item> running = List.of();

  /** So many are handled one by one, since they failed together. */
  private int singles;

  private boolean isPaused;

  /** Read by the handler's thread between two records. */
  private volatile boolean isStopped;

  Lane(PartitionRun run, Handler handler) {
    this.run = run;
    this.handler = handler;
  }

  void add(Item item) {
    if (!isStopped) {
      waiting.add(item);
    }
  }

  /** Gives the handler what is there, where it does not run. */
  void handleNext() {
    if (isBusy() || isStopped || waiting.isEmpty()) {
      return;
    }
    int most = singles > 0 ? 1 : handler.maxRecords();
    var chunk = new ArrayList<Item>(Math.min(most, waiting.size()));
    while (chunk.size() < most && !waiting.isEmpty()) {
      chunk.add(waiting.remove());
    }
    running = chunk;
    var records = chunk.stream().map(Item::record).toList();
    try {
      run.handlers()
          .execute(
              () -> {
                var unused =
                    handler
                        .handle(records, () -> !isStopped)
                        .whenComplete((outcome, never) -> run.execute(() -> onOutcome(outcome)));
              });
    } catch (RejectedExecutionException closed) {
      // So is the consumer.
      running = List.of();
    }
  }

  /** Whether the handler runs, or a record waits to come again. */
  private boolean isBusy() {
    return isPaused || !running.isEmpty();
  }

  private void onOutcome(Handler.Outcome outcome) {
    var chunk = running;
    running = List.of();
    int done = outcome.count();
    singles = Math.max(0, singles - done);
    chunk.subList(0, done).forEach(item -> run.done(item.entry()));
    if (done > 0) {
      run.onHandled(done);
    }
    if (isStopped) {
      run.onLaneStopped();
      return;
    }
    boolean hasFailed = outcome.failure() != null;
    int left = chunk.size() - done;
    // Where a batch failed, nobody knows at which of its records.
    boolean isKnown = hasFailed && (handler.isExact() || left == 1);
    int rest = isKnown ? done + 1 : done;
    for (int i = chunk.size() - 1; i >= rest; i--) {
      waiting.addFirst(chunk.get(i));
    }
    if (hasFailed) {
      singles = Math.max(singles, left);
    }
    if (isKnown) {
      isPaused = true;
      run.onFailure(this, chunk.get(done), outcome.failure());
      return;
    }
    if (hasFailed) {
      run.onBatchFailure(chunk.get(done).record(), outcome.failure());
    }
    handleNext();
  }

  /**
   * A record that failed comes again now.
   *
   * @param isAwaited whether the lane has waited for it
   */
  void again(Item item, boolean isAwaited) {
    isPaused &= !isAwaited;
    if (isStopped) {
      run.onLaneStopped();
      return;
    }
    waiting.addFirst(item);
    handleNext();
  }

  /** The record that failed is done with. */
  void goOn() {
    isPaused = false;
    singles = Math.max(0, singles - 1);
    if (isStopped) {
      run.onLaneStopped();
    } else {
      handleNext();
    }
  }

  /** Nothing more is given to the handler. Returns whether it runs no longer. */
  boolean stop() {
    isStopped = true;
    waiting.clear();
    return isStopped();
  }

  boolean isStopped() {
    return isStopped && running.isEmpty();
  }
}
