package io.liiklus.server.session;

import io.liiklus.api.Offsets;
import io.liiklus.api.PartitionReader;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One partition of a session, assigned or not. Thread-safe: the storage's thread writes what is
 * assigned, look-ups of positions complete on any.
 */
final class SessionPartition {

  /** The latest look-up of its position, while it is open: an earlier one counts no more. */
  private final AtomicReference<Object> lookUp = new AtomicReference<>();

  /** Null while it is not held. */
  private final AtomicReference<Assignment> assignment = new AtomicReference<>();

  private volatile boolean wasAssigned;
  private volatile boolean isLost;

  /** By the stored position when last asked for an assignment, or {@link Assignment#NONE}. */
  private volatile long storedResume = Assignment.NONE;

  /** Start without a stored position; the reset is asked once. */
  private volatile long resetStart = Assignment.NONE;

  void beginLookUp(Object latest) {
    lookUp.set(latest);
  }

  boolean isAwaited(Object which) {
    return lookUp.get() == which;
  }

  /** Ends the wait for a look-up. */
  void forgetLookUp() {
    lookUp.set(null);
  }

  /**
   * The look-up has found a position.
   *
   * @param position null where none is stored
   * @param committed where the group left off without the gateway; null where it did not
   * @return where to resume; empty where the reset decides, or where a later look-up counts
   */
  OptionalLong onFound(Object which, Long position, Long committed) {
    if (!lookUp.compareAndSet(which, null)) {
      return OptionalLong.empty();
    }
    storedResume = position == null ? Assignment.NONE : Offsets.next(position);
    long resume = position == null ? resetStart : storedResume;
    if (position == null && committed != null) {
      // Before the start of this session too: others may have read on since.
      return OptionalLong.of(committed);
    }
    return resume == Assignment.NONE ? OptionalLong.empty() : OptionalLong.of(resume);
  }

  Assignment assign(PartitionReader reader, long nowNs) {
    if (storedResume == Assignment.NONE) {
      resetStart = reader.startOffset();
    }
    var assigned = new Assignment(reader, storedResume, nowNs);
    assignment.set(assigned);
    wasAssigned = true;
    isLost = false;
    return assigned;
  }

  boolean wasAssigned() {
    return wasAssigned;
  }

  /** Null while it is not held. */
  Assignment assignment() {
    return assignment.get();
  }

  void lose() {
    isLost = true;
  }

  /** Whether another member may own it since it was last held here. */
  boolean isLost() {
    return isLost;
  }

  /** Ends its Receive; completes when that has sent its last record. */
  CompletionStage<Void> take() {
    var taken = assignment.getAndSet(null);
    return taken == null ? CompletableFuture.completedStage(null) : taken.take(isLost);
  }
}
