package io.liiklus.server.session;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.session.Acks.Options;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Bounds on the acks that wait, and the counts of acks, over all shards. Thread-safe. */
final class AckBudget {

  private final Options options;
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder stored = new LongAdder();

  AckBudget(Options options) {
    this.options = options;
  }

  /** Lets one more ack wait. False where as many as may do. */
  boolean add() {
    if (waiting.incrementAndGet() <= options.inAll()) {
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  /** Acks are answered, and wait no more. */
  void remove(int acks, boolean areStored) {
    waiting.addAndGet(-acks);
    if (areStored) {
      stored.add(acks);
    }
  }

  int waiting() {
    return waiting.get();
  }

  long stored() {
    return stored.sum();
  }

  int perPosition() {
    return options.perPosition();
  }

  StorageException tooMany() {
    return new StorageException(
        Kind.EXHAUSTED, "more than ack.maxWaiting = " + options.inAll() + " acks wait");
  }

  StorageException tooManyOfPosition() {
    return new StorageException(
        Kind.EXHAUSTED,
        "more than ack.maxWaitingPerPosition = " + options.perPosition() + " acks wait");
  }
}
