package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.PartitionAck;
import com.github.bsideup.liiklus.protocol.PartitionFailure;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.grpc.pump.Pump;
import io.liiklus.server.grpc.pump.RecordPump;
import io.liiklus.server.inflight.InflightPartition;
import io.liiklus.server.inflight.Nack;
import io.liiklus.server.session.Assignment;
import io.liiklus.server.session.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One assignment of one partition to a Consume. Confined to the call's event loop, but for {@link
 * #onTaken} and {@link #onLost}, which go there.
 *
 * <pre>
 *   STARTING -&gt; READING -&gt; REVOKING -&gt; FINISHING -&gt; OVER
 *                          acks count   the last position is stored
 * </pre>
 */
final class ConsumedPartition implements Assignment.Receiver, PositionWriter.Listener {

  private enum State {
    STARTING,
    READING,
    REVOKING,
    FINISHING,
    OVER
  }

  private static final long NONE = -1;

  /** The last write of a partition has so long, however short the grace is. */
  private static final long SHORTEST_WRITE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Consumption consumption;
  private final int number;
  private final Assignment assignment;
  private final InflightPartition inflight;
  private final PositionWriter writer;
  private final PartitionSink sink;
  private final Redelivery redelivery;
  private final DeadLetters deadLetters;
  private final WakeUp wakeUp;
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /** Read by other threads too, which only ask whether it is worth to go on. */
  private volatile State state = State.STARTING;

  private ReplyFormat format;
  private Pump pump;

  /** Offset of a record that cannot be read, at which the partition stands; {@link #NONE}. */
  private long failedAt = NONE;

  ConsumedPartition(Consumption consumption, int number, Assignment assignment) {
    this.consumption = consumption;
    this.number = number;
    this.assignment = assignment;
    var context = consumption.context();
    var share = context.budget().open(() -> consumption.executeIfOpen(this::pump));
    this.inflight =
        new InflightPartition(
            consumption.terms().limits(),
            consumption.terms().retry(),
            share,
            context.metrics().open(),
            () -> ThreadLocalRandom.current().nextDouble());
    var terms = consumption.terms();
    var id = new PositionId(terms.topic(), terms.group(), number);
    this.writer = new PositionWriter(context.acks(), id, consumption.loop(), this);
    this.sink = new PartitionSink(consumption, this, inflight);
    this.redelivery = new Redelivery(consumption, inflight);
    this.wakeUp = new WakeUp(consumption.loop(), this::onWakeUp);
    this.deadLetters = new DeadLetters(consumption, this, inflight);
  }

  int number() {
    return number;
  }

  Assignment assignment() {
    return assignment;
  }

  /** Whether its records are sent. */
  boolean isRead() {
    return state == State.READING;
  }

  boolean isOver() {
    return state == State.OVER;
  }

  boolean isWanted() {
    return state == State.STARTING || state == State.READING;
  }

  void onStart(Session.ReceiveStart start, Throwable failure) {
    if (state != State.STARTING) {
      return;
    }
    if (failure != null) {
      onEnd(failure);
      return;
    }
    state = State.READING;
    format = consumption.terms().format().replayedUpTo(start.replayedUpTo()).ofPartition(number);
    openPump();
    pump();
  }

  private void openPump() {
    var context = consumption.context();
    var reader =
        context
            .processors()
            .reader(
                assignment.reader(),
                consumption.terms().topic(),
                consumption.loop(),
                this::isWanted);
    if (consumption.terms().isBeforeDelivery()) {
      pump =
          new StoredFirstPump(
              sink,
              reader,
              format,
              consumption.pumpContext(),
              consumption.quota(),
              this::storeFirst,
              this::onEnd);
      return;
    }
    var opened = new RecordPump(sink, reader, format, consumption.pumpContext(), this::onEnd);
    opened.useWithin(consumption.quota());
    pump = opened;
  }

  private CompletionStage<Void> storeFirst(long position) {
    writer.store(position, 0);
    return writer.flush(PositionWriter.PATIENCE);
  }

  /** Sends what is there and may be sent: first what is sent again. */
  void pump() {
    if (state == State.READING && pump != null) {
      long heldBackNs;
      try {
        heldBackNs = redelivery.send(format);
      } catch (RuntimeException fault) {
        consumption.fail(fault);
        return;
      }
      pump.pump();
      if (heldBackNs > 0) {
        wakeUp.in(heldBackNs);
      } else {
        scheduleWakeUp();
      }
    }
  }

  /** Nothing more can be read. */
  private void onEnd(Throwable failure) {
    if (RecordPump.isOfTaken(failure) || !isWanted()) {
      return;
    }
    var known = StorageException.of(failure);
    if (known.kind() == Kind.DATA_LOSS && known.offset().isPresent()) {
      failedAt = known.offset().getAsLong();
      var status = Statuses.of(failure);
      consumption
          .replies()
          .failed(
              PartitionFailure.newBuilder()
                  .setPartition(number)
                  .setOffset(failedAt)
                  .setCode(status.getCode().value())
                  .setMessage(status.getDescription())
                  .build());
      consumption.flushSoon();
    } else {
      consumption.fail(failure);
    }
  }

  void ack(PartitionAck ack) {
    if (!isAckable()) {
      return;
    }
    boolean passesFailure = ack.hasUpTo() && ack.getUpTo() == failedAt;
    if (ack.hasUpTo()) {
      inflight.ackUpTo(ack.getUpTo());
    }
    for (int i = 0; i < ack.getOffsetsCount(); i++) {
      long offset = ack.getOffsets(i);
      inflight.ack(offset);
      passesFailure |= offset == failedAt;
    }
    if (passesFailure && failedAt != NONE) {
      passFailure();
    }
    onAcked();
  }

  private void passFailure() {
    inflight.pass(failedAt);
    if (state == State.READING) {
      pump.stop();
      assignment.seek(this, failedAt + 1);
      openPump();
    }
    failedAt = NONE;
  }

  void nack(List<Long> offsets, Nack nack) {
    if (isAckable()) {
      inflight.nack(offsets, nack, System.nanoTime());
      deadLetters.publish();
      onAcked();
    }
  }

  /** Whether acks count. */
  boolean isAckable() {
    return state == State.READING || state == State.REVOKING;
  }

  /** Records may be acked: the position may have moved, and there may be room. */
  void onAcked() {
    writer.store(inflight.position(), inflight.passed());
    if (state == State.REVOKING && inflight.unacked() == 0) {
      finish();
    } else if (state == State.REVOKING) {
      scheduleWakeUp();
    } else {
      pump();
    }
  }

  private void scheduleWakeUp() {
    long nowNs = System.nanoTime();
    long delayNs = inflight.deadLetterDelayNs(nowNs);
    // A transport that is not ready brings the pump back by itself.
    if (state == State.READING && consumption.canSend(number)) {
      delayNs = Math.min(delayNs, inflight.retryDelayNs(nowNs));
    }
    if (delayNs != Long.MAX_VALUE) {
      wakeUp.in(delayNs);
    }
  }

  private void onWakeUp() {
    if (isAckable()) {
      deadLetters.publish();
      pump();
      scheduleWakeUp();
    }
  }

  @Override
  public void onStored(long position, long passed) {
    inflight.onStored(passed);
    if (!consumption.isEnding()) {
      consumption.replies().acked(number, position);
      consumption.flushSoon();
    }
    pump();
  }

  @Override
  public void onRefused(StorageException failure) {
    consumption.refused(failure);
  }

  @Override
  public CompletionStage<Void> onTaken() {
    return onLoop(this::revoke);
  }

  @Override
  public CompletionStage<Void> onLost() {
    return onLoop(this::lose);
  }

  private CompletionStage<Void> onLoop(Runnable task) {
    try {
      consumption.execute(task);
      return over;
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.completedStage(null);
    }
  }

  /** Sends nothing more; acks count until the grace is over. */
  void revoke() {
    if (!isWanted()) {
      return;
    }
    state = State.REVOKING;
    consumption.replies().revoking(number);
    consumption.flushSoon();
    long graceNs = consumption.context().options().revokeGrace().toNanos();
    if (pump instanceof StoredFirstPump first) {
      var unused = first.stopWhenSent().thenRun(this::finish);
    } else if (pump != null) {
      pump.stop();
    }
    boolean isSending = pump instanceof StoredFirstPump;
    if (inflight.unacked() == 0 && !isSending) {
      finish();
    } else if (state == State.REVOKING) {
      var unused = consumption.loop().schedule(this::finish, graceNs, TimeUnit.NANOSECONDS);
    }
  }

  /** The client needs no more time. */
  void release() {
    if (state == State.REVOKING && !consumption.terms().isBeforeDelivery()) {
      finish();
    }
  }

  /** Stores the last position, within the grace once more. */
  private void finish() {
    if (state != State.REVOKING) {
      return;
    }
    state = State.FINISHING;
    long graceNs = consumption.context().options().revokeGrace().toNanos();
    var unused = flush().whenComplete((none, failure) -> end(false));
    if (state != State.OVER) {
      var bound =
          consumption
              .loop()
              .schedule(
                  () -> end(false), Math.max(graceNs, SHORTEST_WRITE_NS), TimeUnit.NANOSECONDS);
      var unusedToo = over.thenRun(() -> bound.cancel(false));
    }
  }

  /** Stores the position of what is acked; completes on the loop, and fails where it cannot. */
  CompletableFuture<Void> flush() {
    writer.store(inflight.position(), inflight.passed());
    return writer.flush(PositionWriter.LAST_PATIENCE);
  }

  /** Another member may have it: nothing more is stored. */
  void lose() {
    end(true);
  }

  private void end(boolean isLost) {
    if (state != State.OVER) {
      close();
      consumption.onOver(this, isLost);
    }
  }

  /** Stops at once. What is being stored goes on. */
  void close() {
    state = State.OVER;
    if (pump != null) {
      pump.stop();
    }
    wakeUp.cancel();
    writer.close();
    inflight.close();
    assignment.endReceive(this);
    over.complete(null);
  }

  /** Time is passing: what is kept for long is copied. Returns whether anything is kept. */
  boolean copyOlderThan(long limitNs) {
    inflight.copyOlderThan(limitNs);
    return inflight.unacked() > 0;
  }
}
