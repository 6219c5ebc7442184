package io.liiklus.server.grpc.publish;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Records that one connection publishes, in the order of its calls. They go straight to the
 * storage, and wait here while it is full; the connection's window is held as long as any does.
 * Confined to the connection's event loop.
 */
public final class PublishLane {

  private final LoopLanes lanes;
  private final ConnectionWindow window;

  /** The next one first; some may be withdrawn. */
  private final Deque<WaitingPublish> waiting = new ArrayDeque<>();

  /** Number of waiting records that are not withdrawn. */
  private int count;

  PublishLane(LoopLanes lanes, ConnectionWindow window) {
    this.lanes = lanes;
    this.window = window;
  }

  /** As {@link io.liiklus.api.RecordsStorage#publish}, but that it is never FULL. */
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    if (isEmpty()) {
      var answer = lanes.records().publish(record, patience);
      if (!isFull(answer)) {
        return answer;
      }
    }
    var publish = new WaitingPublish(this, record, patience);
    if (!lanes.reserve(publish.bytes())) {
      return lanes.refusal();
    }
    if (isEmpty()) {
      lanes.add(this);
      window.hold();
    }
    waiting.add(publish);
    count++;
    return publish;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Tries the first record that waits; false where the storage does not take it. */
  boolean publishNext() {
    while (waiting.element().isWithdrawn()) {
      waiting.remove();
    }
    var next = waiting.element();
    var answer = lanes.records().publish(next.record(), next.patience());
    if (isFull(answer)) {
      return false;
    }
    waiting.remove();
    leave(next);
    next.follow(answer);
    return true;
  }

  /** Takes out a record that waits here. */
  void withdraw(WaitingPublish publish) {
    leave(publish);
    if (isEmpty()) {
      lanes.remove(this);
    }
  }

  private void leave(WaitingPublish publish) {
    lanes.free(publish.bytes());
    count--;
    if (isEmpty()) {
      waiting.clear();
      window.release();
    }
  }

  /** The connection has ended, and all its calls with it. */
  void close() {
    for (var publish : waiting.toArray(WaitingPublish[]::new)) {
      var unused = publish.withdraw();
    }
  }

  private static boolean isFull(CompletionStage<PublishedRecord> answer) {
    var future = answer.toCompletableFuture();
    return future.isCompletedExceptionally() && kindOf(future) == Kind.FULL;
  }

  private static Kind kindOf(CompletableFuture<PublishedRecord> failed) {
    return StorageException.of(failed.handle((stored, failure) -> failure).join()).kind();
  }
}
