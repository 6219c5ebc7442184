package io.liiklus.server.grpc.publish;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.authorization.AccessException;
import io.liiklus.server.grpc.codec.request.RequestNames;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.processing.PreProcessing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The records of one connection that are with the processors, in the order of its calls. Whenever
 * processors are done with a record, it is published only behind those before it. Confined to the
 * connection's event loop.
 */
final class ProcessingLane {

  /** Past one of these the connection is not read on. */
  private static final int MANY_RECORDS = 1024;

  private static final long MANY_BYTES = 1 << 20;

  /** One for all: a batch may have thousands. */
  private static final CompletableFuture<PublishedRecord> REFUSAL =
      CompletableFuture.failedFuture(
          StorageException.notStored(
              Kind.EXHAUSTED,
              "more than publish.maxWaitingBytes of records wait for the processors"));

  private final LoopLanes lanes;
  private final PublishLane next;

  /** The first of its calls first; some may be withdrawn. */
  private final Deque<ProcessedPublish> waiting = new ArrayDeque<>();

  // Of those that are not withdrawn.
  private int count;
  private long bytes;

  ProcessingLane(LoopLanes lanes, PublishLane next) {
    this.lanes = lanes;
    this.next = next;
  }

  CompletionStage<PublishedRecord> publish(
      RecordToPublish record, Duration patience, PublishPermit permit) {
    long size = WaitingPublish.bytes(record);
    // Before anything is begun: what processors hold counts too.
    if (!lanes.beginProcessing(size)) {
      return REFUSAL;
    }
    var processing = lanes.processors().process(record, lanes.loop());
    if (count == 0 && processing.isDone()) {
      lanes.endProcessing(size);
      return publish(permit, processing, patience);
    }
    var publish = new ProcessedPublish(this, permit, size, processing, patience);
    waiting.add(publish);
    count++;
    bytes += size;
    next.updateWindow();
    if (!processing.isDone()) {
      // On the loop.
      var unused = processing.whenComplete((processed, failure) -> publishDone());
    }
    return publish;
  }

  private CompletionStage<PublishedRecord> publish(
      PublishPermit permit, PreProcessing processing, Duration patience) {
    if (processing.isCompletedExceptionally()) {
      return CompletableFuture.failedFuture(
          processing.handle((processed, failure) -> failure).join());
    }
    var record = processing.join();
    if (!permit.isFor(record.topic())) {
      try {
        permit.requireFor(RequestNames.topic(record.topic()));
      } catch (BadRequest | AccessException refused) {
        return CompletableFuture.failedFuture(refused);
      }
    }
    return next.publishProcessed(record, patience);
  }

  /** Publishes what is done, up to the first record that is not. */
  private void publishDone() {
    while (!waiting.isEmpty()) {
      var first = waiting.element();
      if (first.isWithdrawn()) {
        waiting.remove();
      } else if (first.processing().isDone()) {
        waiting.remove();
        leave(first);
        first.follow(publish(first.permit(), first.processing(), first.patience()));
      } else {
        break;
      }
    }
    next.updateWindow();
  }

  private void leave(ProcessedPublish publish) {
    lanes.endProcessing(publish.bytes());
    bytes -= publish.bytes();
    count--;
  }

  /** Takes out a record; those behind it wait for it no longer. */
  void withdraw(ProcessedPublish publish) {
    leave(publish);
    publishDone();
  }

  /** The processor that has the first record: all others wait for it. */
  Optional<String> lateProcessor() {
    publishDone();
    var first = waiting.peek();
    if (first == null) {
      return Optional.empty();
    }
    var late = first.processing().current();
    late.onLate();
    return Optional.of(late.name());
  }

  /** Whether more records wait than one connection may bring. */
  boolean isFull() {
    return count >= MANY_RECORDS || bytes >= MANY_BYTES;
  }

  /** The connection has ended, and all its calls with it. */
  void close() {
    // The last one first: none is published because one before it was withdrawn.
    var all = waiting.toArray(ProcessedPublish[]::new);
    for (int i = all.length - 1; i >= 0; i--) {
      var unused = all[i].withdraw();
    }
  }
}
