package io.liiklus.client;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;

/** The records of a consumer for one subscriber, at its pace. Thread-safe. */
final class RecordFlow implements Flow.Publisher<ReceivedRecord> {

  private final ConsumerBuilder options;
  private final AtomicBoolean isTaken = new AtomicBoolean();

  RecordFlow(ConsumerBuilder options) {
    this.options = options;
  }

  @Override
  public void subscribe(Subscriber<? super ReceivedRecord> subscriber) {
    Objects.requireNonNull(subscriber);
    if (!isTaken.compareAndSet(false, true)) {
      subscriber.onSubscribe(new Refused());
      subscriber.onError(new IllegalStateException("there is a subscriber already"));
      return;
    }
    var pace = new Pace(subscriber);
    subscriber.onSubscribe(pace);
    pace.start(options);
  }

  /** The subscription of one who gets nothing. */
  private static final class Refused implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }

  private record Waiting(ReceivedRecord record, CompletableFuture<Void> done) {}

  /** One subscriber's demand, and records that wait for it; at most one of each lane. */
  private static final class Pace implements Flow.Subscription {

    private final Subscriber<? super ReceivedRecord> subscriber;

    // Guarded by this.
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long demand;
    private boolean isEmitting;
    private boolean isCancelled;
    private Consumer consumer;

    private Pace(Subscriber<? super ReceivedRecord> subscriber) {
      this.subscriber = subscriber;
    }

    private void start(ConsumerBuilder options) {
      var started = options.handleAsync(this::offer);
      synchronized (this) {
        consumer = started;
      }
      var unused =
          started
              .ended()
              .whenComplete(
                  (done, failure) -> {
                    if (failure == null) {
                      subscriber.onComplete();
                    } else {
                      subscriber.onError(failure);
                    }
                  });
      if (isCancelled()) {
        closeLater(started);
      }
    }

    private synchronized boolean isCancelled() {
      return isCancelled;
    }

    private CompletionStage<?> offer(ReceivedRecord record) {
      var done = new CompletableFuture<Void>();
      synchronized (this) {
        waiting.add(new Waiting(record, done));
      }
      emit();
      return done;
    }

    /** One thread at a time gives records to the subscriber. */
    private void emit() {
      while (true) {
        Waiting next;
        synchronized (this) {
          if (isEmitting || isCancelled || demand == 0 || waiting.isEmpty()) {
            return;
          }
          isEmitting = true;
          demand--;
          next = waiting.remove();
        }
        try {
          subscriber.onNext(next.record());
          next.done().complete(null);
        } catch (RuntimeException failure) {
          next.done().completeExceptionally(failure);
        } finally {
          synchronized (this) {
            isEmitting = false;
          }
        }
      }
    }

    @Override
    public void request(long count) {
      if (count <= 0) {
        cancel();
        subscriber.onError(new IllegalArgumentException("request: " + count + "; from 1"));
        return;
      }
      synchronized (this) {
        demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
      }
      emit();
    }

    @Override
    public void cancel() {
      Consumer closed;
      synchronized (this) {
        isCancelled = true;
        waiting.forEach(
            left -> left.done().completeExceptionally(new IllegalStateException("cancelled")));
        waiting.clear();
        closed = consumer;
      }
      if (closed != null) {
        closeLater(closed);
      }
    }

    /** Not here: the subscriber may cancel from the handler that the close would wait for. */
    private static void closeLater(Consumer closed) {
      var unused = CompletableFuture.runAsync(closed::close);
    }
  }
}
