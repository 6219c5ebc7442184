package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.PartitionAck;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
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

  /** The last write of a partition has so long, however short the grace is. */
  private static final long SHORTEST_WRITE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Consumption consumption;
  private final int number;
  private final Assignment assignment;
  private final InflightPartition inflight;
  private final PositionWriter writer;
  private final PartitionReading reading;
  private final DeadLetters deadLetters;
  private final WakeUp wakeUp;
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /** Read by other threads too, which only ask whether it is worth to go on. */
  private volatile State state = State.STARTING;

  ConsumedPartition(Consumption consumption, int number, Assignment assignment) {
    this.consumption = consumption;
    this.number = number;
    this.assignment = assignment;
    var context = consumption.context();
    var share = context.budget().open(() -> consumption.executeIfOpen(this::pump));
    var terms = consumption.terms();
    this.inflight =
        new InflightPartition(
            terms.limits(),
            terms.retry(),
            share,
            context.metrics().open(terms.topic(), terms.group()),
            () -> ThreadLocalRandom.current().nextDouble());
    var id = new PositionId(terms.topic(), terms.group(), number);
    this.writer = new PositionWriter(context.acks(), id, consumption.loop(), this);
    this.reading = new PartitionReading(consumption, this, inflight, writer);
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
      reading.onEnd(failure);
      return;
    }
    state = State.READING;
    reading.open(start.replayedUpTo());
    pump();
  }

  /** Sends what is there and may be sent: first what is sent again. */
  void pump() {
    if (state == State.READING) {
      long heldBackNs = reading.send();
      if (heldBackNs > 0) {
        wakeUp.in(heldBackNs);
      } else {
        scheduleWakeUp();
      }
    }
  }

  void ack(PartitionAck ack) {
    if (!isAckable()) {
      return;
    }
    boolean passesFailure = ack.hasUpTo() && reading.isFailedAt(ack.getUpTo());
    if (ack.hasUpTo()) {
      inflight.ackUpTo(ack.getUpTo());
    }
    for (int i = 0; i < ack.getOffsetsCount(); i++) {
      long offset = ack.getOffsets(i);
      inflight.ack(offset);
      passesFailure |= reading.isFailedAt(offset);
    }
    if (passesFailure) {
      reading.passFailure();
    }
    onAcked();
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
    if (state == State.READING && consumption.replies().canSend(number)) {
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
    long graceNs = consumption.context().options().revokeGrace().toNanos();
    var sent = reading.stopWhenSent();
    if (inflight.unacked() == 0) {
      var unused = sent.thenRun(this::finish);
    }
    if (state == State.REVOKING) {
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
    reading.stop();
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
