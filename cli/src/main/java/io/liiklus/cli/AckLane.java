package io.liiklus.cli;

import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;

/**
 * Acks of one partition: one under way at a time, the newest next. Confined to the loop.
 *
 * <p>One that failed for want of a server is sent again while the partition is held, and no longer:
 * afterwards another member's newer position may stand there.
 */
final class AckLane {

  /** The gateway takes 5 s at most for an ack. */
  private static final long DEADLINE_SECONDS = 6;

  /** Hears of acks. Called on the loop. */
  interface Observer {
    void onIdle();

    /** Notifies that the ack is delayed and will be sent again. */
    void onDelayed(Status status);

    /** Notifies that a delayed ack is stored. */
    void onResumed();

    void onRefused(Status status);
  }

  private final Gateway gateway;
  private final ReceivePlan plan;
  private final int partition;
  private final Observer observer;
  private final Backoff backoff = new Backoff();

  private long newest;
  private boolean hasUnsent;
  private boolean isBusy; // On its way, or waiting to be sent again.
  private boolean isHeld;
  private boolean isDelayed;

  AckLane(Gateway gateway, ReceivePlan plan, int partition, Observer observer) {
    this.gateway = gateway;
    this.plan = plan;
    this.partition = partition;
    this.observer = observer;
  }

  /** The partition was given to us. */
  void hold() {
    isHeld = true;
  }

  /** The partition was revoked: the last ack is still sent where that is possible at once. */
  void release() {
    isHeld = false;
  }

  void ack(long offset) {
    newest = offset;
    hasUnsent = true;
    send();
  }

  boolean isIdle() {
    return !isBusy && !hasUnsent;
  }

  private void send() {
    if (isBusy || !hasUnsent) {
      return;
    }
    isBusy = true;
    hasUnsent = false;
    gateway
        .stub()
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .ack(plan.ack(partition, newest), new Answer());
  }

  private void next() {
    isBusy = false;
    send();
    if (isIdle()) {
      observer.onIdle();
    }
  }

  private void onFailed(Status status) {
    switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> {
        if (!isHeld) {
          next();
          return;
        }
        hasUnsent = true;
        isDelayed = true;
        observer.onDelayed(status);
        var unused =
            gateway.loop().schedule(this::sendAgain, backoff.nextMs(), TimeUnit.MILLISECONDS);
      }
      default -> {
        observer.onRefused(status);
        next();
      }
    }
  }

  private void sendAgain() {
    hasUnsent &= isHeld;
    next();
  }

  /** The answer to one ack. Confined to the loop. */
  private final class Answer implements StreamObserver<Empty> {
    @Override
    public void onNext(Empty value) {}

    @Override
    public void onCompleted() {
      backoff.reset();
      if (isDelayed) {
        isDelayed = false;
        observer.onResumed();
      }
      next();
    }

    @Override
    public void onError(Throwable failure) {
      onFailed(CallEnd.of(failure));
    }
  }
}
