package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.Empty;
import io.grpc.Context;
import io.grpc.Status;
import io.liiklus.faults.journal.Event.AckEnded;
import io.liiklus.faults.journal.Event.AckSent;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Acks of one assignment, one at a time and the latest only, repeated while they are UNAVAILABLE
 * and the subscription is open. Thread-safe; one thread asks for acks.
 */
final class AckQueue {

  private static final long NONE = -1;
  private static final Duration DEADLINE = Duration.ofSeconds(4);

  /** The deadline, and a reserve for a busy machine. */
  private static final Duration FINISH_BOUND = DEADLINE.plusSeconds(6);

  private final Member member;
  private final Journal journal;
  private final Connection connection;
  private final int partition;
  private final BooleanSupplier isGone;

  // Guarded by this.
  private long wanted = NONE;
  private boolean isUnderWay;

  AckQueue(Member member, Connection connection, int partition, BooleanSupplier isGone) {
    this.member = member;
    this.journal = member.group().journal();
    this.connection = connection;
    this.partition = partition;
    this.isGone = isGone;
  }

  /** Returns at once, or when it is stored or given up, as the member's pace wants. */
  void ack(long offset) throws InterruptedException {
    synchronized (this) {
      wanted = offset;
      if (!isUnderWay) {
        send();
      }
      while (member.pace().isEachAcked() && isUnderWay && !isGone.getAsBoolean()) {
        wait(Member.PAUSE.toMillis());
      }
    }
  }

  /** Returns when nothing is under way. */
  synchronized void finish() {
    long endNs = System.nanoTime() + FINISH_BOUND.toNanos();
    boolean isInterrupted = false;
    while (isUnderWay) {
      if (System.nanoTime() > endNs) {
        member.surprise("an Ack without an answer past its deadline, partition " + partition);
        break;
      }
      try {
        wait(Member.PAUSE.toMillis());
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // Guarded by this: the caller has the lock.
  private void send() {
    long offset = wanted;
    wanted = NONE;
    isUnderWay = true;
    long number = journal.nextNumber();
    var plan = member.group().plan();
    journal.add(
        new AckSent(
            journal.nowNs(), number, plan.group(), connection.gateway(), partition, offset));
    var request =
        AckRequest.newBuilder()
            .setTopic(plan.topic())
            .setGroup(plan.group())
            .setPartition(partition)
            .setOffset(offset)
            .build();
    var calls = connection.futures(DEADLINE);
    var answer = outsideOfTheReceive(() -> calls.ack(request));
    answer.addListener(
        () -> onAnswer(number, offset, statusOf(answer)), MoreExecutors.directExecutor());
  }

  private void onAnswer(long number, long offset, Status status) {
    journal.add(new AckEnded(journal.nowNs(), number, status.getCode().toString()));
    switch (status.getCode()) {
      case OK -> goOn(NONE);
      case UNAVAILABLE, DEADLINE_EXCEEDED ->
          CompletableFuture.delayedExecutor(Member.PAUSE.toMillis(), TimeUnit.MILLISECONDS)
              .execute(() -> goOn(offset));
      default -> {
        member.surprise("Ack ended " + status + " on partition " + partition);
        goOn(NONE);
      }
    }
  }

  /** With the ack requested meanwhile, or with the one that was not stored. */
  private synchronized void goOn(long unstored) {
    isUnderWay = false;
    wanted = Math.max(wanted, unstored);
    if (wanted != NONE && !isGone.getAsBoolean()) {
      send();
    }
    notifyAll();
  }

  /** A cancelled Receive cancels calls in its context. */
  private static <T> T outsideOfTheReceive(Supplier<T> call) {
    var previous = Context.ROOT.attach();
    try {
      return call.get();
    } finally {
      Context.ROOT.detach(previous);
    }
  }

  private static Status statusOf(ListenableFuture<Empty> answer) {
    try {
      answer.get();
      return Status.OK;
    } catch (ExecutionException failed) {
      return Answers.of(Status.fromThrowable(failed.getCause()));
    } catch (InterruptedException never) {
      throw new IllegalStateException("the answer is there", never);
    }
  }
}
