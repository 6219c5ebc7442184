package io.liiklus.server.grpc.publish;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.publish.LoopLanes.Turn;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import io.liiklus.server.quota.PrincipalQuota;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What one connection publishes, in the order of its calls. Records go straight to the storage, and
 * wait here while it is full; requests that come meanwhile wait behind them, unparsed, and so do
 * those of a caller that has published more than its quota. The connection's window is held as long
 * as anything waits. Confined to the connection's event loop.
 */
public final class PublishLane {

  /** Publishes the records of a request. */
  public interface Start<Q extends Message, A> {

    /**
     * @param patience how long the caller waits for the answer, from now on
     */
    PartialAnswer<A> start(Q message, Duration patience);

    /**
     * The answer where the request has no turn in time.
     *
     * @param request which this closes
     * @throws io.grpc.StatusRuntimeException with the status, where it is the end of the call
     */
    default A withoutTurn(Request<Q> request, Status status) {
      request.close();
      throw status.asRuntimeException(NotStored.trailers());
    }
  }

  private final LoopLanes lanes;
  private final ConnectionWindow window;

  /** Records of requests that have started, the next one first; some may be withdrawn. */
  private final Deque<WaitingPublish> waiting = new ArrayDeque<>();

  /** Number of waiting records that are not withdrawn. */
  private int count;

  /** Requests that have not started, the next one first. */
  private final Set<QueuedRequest<?, ?>> requests = new LinkedHashSet<>();

  /** Whether the first of the requests is about to start: its records take turns, too. */
  private boolean isStarting;

  /** After which the caller of the first request may publish again; null: none waits for that. */
  private ScheduledFuture<?> awaitedRate;

  /** Null where there are no processors. */
  private final ProcessingLane processing;

  PublishLane(LoopLanes lanes, ConnectionWindow window) {
    this.lanes = lanes;
    this.window = window;
    this.processing = lanes.processors().isEmpty() ? null : new ProcessingLane(lanes, this);
  }

  /**
   * Starts the request when all that came before it was taken, there is room to parse it, and its
   * caller has published no more than it may.
   *
   * @param quota of the caller
   */
  public <Q extends Message, A> PartialAnswer<A> begin(
      Request<Q> request, Duration patience, PrincipalQuota quota, Start<Q, A> start) {
    boolean isFirst = isEmpty();
    if (isFirst && lanes.hasRoom() && quota.publishWaitNs() == 0) {
      return start.start(request.messageOrThrow(), patience);
    }
    enter();
    var queued = new QueuedRequest<>(this, request, patience, quota, start);
    requests.add(queued);
    if (isFirst) {
      var unused = isOverRate(queued);
    }
    return queued;
  }

  /** Whether the caller of this request has to wait; then its turn comes when that is over. */
  private boolean isOverRate(QueuedRequest<?, ?> request) {
    long waitNs = request.quota().publishWaitNs();
    if (waitNs == 0) {
      return false;
    }
    if (awaitedRate == null) {
      request.quota().onHeldBack();
      awaitedRate = lanes.loop().schedule(this::onRate, waitNs, TimeUnit.NANOSECONDS);
    }
    return true;
  }

  private void onRate() {
    awaitedRate = null;
    lanes.onRoom();
  }

  /**
   * As {@link io.liiklus.api.RecordsStorage#publish}, but that it is never FULL, and that
   * processors may refuse the record or change it.
   *
   * @param permit for the record's topic; that which a processor chooses is judged beside
   */
  public CompletionStage<PublishedRecord> publish(
      RecordToPublish record, Duration patience, PublishPermit permit) {
    return processing == null
        ? publishProcessed(record, patience)
        : processing.publish(record, patience, permit);
  }

  CompletionStage<PublishedRecord> publishProcessed(RecordToPublish record, Duration patience) {
    if (count == 0 && !isStarting) {
      var answer = lanes.records().publish(record, patience);
      if (!isFull(answer)) {
        return answer;
      }
    }
    enter();
    var publish = new WaitingPublish(this, record, patience);
    lanes.hold(publish.bytes());
    waiting.add(publish);
    count++;
    return publish;
  }

  /** Before something begins to wait. */
  private void enter() {
    if (isEmpty()) {
      lanes.add(this);
      window.hold();
    }
  }

  boolean isEmpty() {
    return count == 0 && requests.isEmpty();
  }

  /** Tries what waits first. */
  Turn publishNext() {
    return count == 0 ? startNext() : publishRecord();
  }

  private Turn startNext() {
    if (!lanes.hasRoom()) {
      return Turn.NO_ROOM;
    }
    var next = requests.iterator().next();
    if (isOverRate(next)) {
      return Turn.OVER_RATE;
    }
    isStarting = true;
    try {
      next.start();
    } finally {
      isStarting = false;
      requests.remove(next);
      updateWindow();
    }
    return Turn.TAKEN;
  }

  private Turn publishRecord() {
    while (waiting.element().isWithdrawn()) {
      waiting.remove();
    }
    var next = waiting.element();
    var answer = lanes.records().publish(next.record(), next.patience());
    if (isFull(answer)) {
      return Turn.STORAGE_FULL;
    }
    waiting.remove();
    leave(next);
    next.follow(answer);
    return Turn.TAKEN;
  }

  /** Takes out a record that waits here. */
  void withdraw(WaitingPublish publish) {
    leave(publish);
    if (isEmpty()) {
      lanes.remove(this);
    }
  }

  /** Takes out a request that has not started. */
  void remove(QueuedRequest<?, ?> request) {
    if (!requests.remove(request)) {
      return;
    }
    if (isEmpty()) {
      lanes.remove(this);
      updateWindow();
    } else if (awaitedRate != null) {
      // It may have been for this one; the next one may be another caller's.
      forgetRate();
      lanes.onRoom();
    }
  }

  private void forgetRate() {
    if (awaitedRate != null) {
      awaitedRate.cancel(false);
      awaitedRate = null;
    }
  }

  private void leave(WaitingPublish publish) {
    lanes.free(publish.bytes());
    count--;
    if (count == 0) {
      waiting.clear();
      updateWindow();
    }
  }

  /** Holds the connection's window as long as anything waits, or too much is processed. */
  void updateWindow() {
    boolean isProcessingFull = processing != null && processing.isFull();
    if (!isEmpty() || isProcessingFull) {
      window.hold();
    } else {
      window.release();
    }
  }

  /** The connection has ended, and all its calls with it. */
  void close() {
    if (processing != null) {
      processing.close();
    }
    for (var publish : waiting.toArray(WaitingPublish[]::new)) {
      var unused = publish.withdraw();
    }
    for (var request : requests.toArray(QueuedRequest<?, ?>[]::new)) {
      request.cancel();
    }
    // It may be long, and clients may connect again and again meanwhile.
    forgetRate();
  }

  private static boolean isFull(CompletionStage<PublishedRecord> answer) {
    var future = answer.toCompletableFuture();
    return future.isCompletedExceptionally() && kindOf(future) == Kind.FULL;
  }

  private static Kind kindOf(CompletableFuture<PublishedRecord> failed) {
    return StorageException.of(failed.handle((stored, failure) -> failure).join()).kind();
  }
}
