package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Withdrawable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Something to write, and the answer to it, which comes after the commit. Thread-safe, but for what
 * a kind of change does to it, which is the writer's.
 *
 * @param <T> the answer
 */
public abstract class Change<T> extends CompletableFuture<T> implements Withdrawable {

  private static final String LOCKED =
      "another transaction has the partition locked (see pg_locks and pg_prepared_xacts); it was"
          + " not stored";

  private static final String NOT_TAKEN = "the database took nothing in time; it was not stored";

  private enum State {
    WAITING,
    BEGUN,
    OVER
  }

  private final long deadlineNs;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private volatile boolean isLogLocked;

  /** Why the database was away when it was last tried; null where it was not. */
  private volatile StorageException away;

  // The writer's.
  private T outcome;
  private StorageException refusal;

  /**
   * @param patience how long it may wait until it is begun, and be under way then
   */
  protected Change(Duration patience) {
    this.deadlineNs = System.nanoTime() + patience.toNanos();
  }

  protected abstract ChangeKind<?> kind();

  /** Number of the log whose row it needs, which others may have locked; 0: none. */
  protected long log() {
    return 0;
  }

  /** Name of that log, for people. */
  protected String place() {
    return "";
  }

  /** By which the bounds of a transaction count it. */
  protected long bytes() {
    return 0;
  }

  /** Whether it waits on, until its patience is over, while the database is away; else it fails. */
  protected boolean waitsForDatabase() {
    return false;
  }

  /** Called before it completes, once it is committed. */
  protected void onCommitted(T answer) {}

  /** What it completes with once all is committed. The writer's. */
  public final void answer(T value) {
    outcome = value;
    refusal = null;
  }

  /** What it fails with while the others are committed. The writer's. */
  public final void refuse(StorageException failure) {
    refusal = failure;
  }

  final boolean isWaiting() {
    return state.get() == State.WAITING;
  }

  /** False where it was taken back, or its patience is over. */
  final boolean begin() {
    return !isDone() && state.compareAndSet(State.WAITING, State.BEGUN);
  }

  /** It is surely not written, and waits again. */
  final void putBack() {
    state.compareAndSet(State.BEGUN, State.WAITING);
  }

  /** Its log is locked by somebody else, and it waits for that from now on. */
  final void onLogLocked() {
    isLogLocked = true;
    putBack();
  }

  /** Too much waits for its log. */
  final void failAsLocked() {
    if (begin()) {
      fail(StorageException.notStored(Kind.UNAVAILABLE, LOCKED));
    }
  }

  /** It waits on, since the database is away. */
  public final void onAway(StorageException reason) {
    away = reason;
  }

  private StorageException notBegun() {
    var reason = away;
    if (isLogLocked) {
      return StorageException.notStored(Kind.UNAVAILABLE, LOCKED);
    }
    return StorageException.notStored(
        Kind.UNAVAILABLE,
        reason == null ? NOT_TAKEN : NOT_TAKEN + "; last failure: " + reason.getMessage());
  }

  final boolean isExpired(long nowNs) {
    return nowNs - deadlineNs >= 0;
  }

  /** Fails it where its patience is over; whether it was written is not known once it is begun. */
  public final void expire(long nowNs) {
    if (!isExpired(nowNs)) {
      return;
    }
    if (state.compareAndSet(State.WAITING, State.OVER)) {
      completeExceptionally(notBegun());
    } else if (state.get() == State.BEGUN) {
      completeExceptionally(
          new StorageException(
              Kind.UNAVAILABLE, "the database did not answer in time; it may be stored"));
    }
  }

  /** After the commit. */
  final void commit() {
    state.set(State.OVER);
    if (refusal != null) {
      completeExceptionally(refusal);
    } else {
      onCommitted(outcome);
      complete(outcome);
    }
  }

  final void fail(StorageException failure) {
    state.set(State.OVER);
    completeExceptionally(failure);
  }

  /** Of what no writer has. */
  public final void failNotStored(StorageException failure) {
    fail(failure.asNotStored());
  }

  @Override
  public final boolean withdraw() {
    if (!state.compareAndSet(State.WAITING, State.OVER)) {
      return false;
    }
    completeExceptionally(notBegun());
    return true;
  }
}
