package io.liiklus.server.session;

import io.liiklus.api.PartitionReader;
import io.liiklus.server.session.SessionException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Partition of a session, from its assignment until it is revoked or lost; at most one Receive
 * reads it at a time. Thread-safe.
 */
public final class Assignment {

  /** Receive that reads an assignment. */
  public interface Receiver {

    /**
     * The assignment was taken away: nothing more of it is to be sent. Called on a thread of the
     * storage.
     *
     * @return completes when nothing more will be sent
     */
    CompletionStage<Void> onTaken();

    /** The same of an assignment that was lost: another member may have it already. */
    default CompletionStage<Void> onLost() {
      return onTaken();
    }
  }

  /** Stands for a position that was not stored. */
  static final long NONE = Long.MIN_VALUE;

  /** In the place of a receiver, once there can be none any more. */
  private static final Receiver TAKEN = () -> CompletableFuture.completedStage(null);

  private final PartitionReader reader;
  private final long resumeAtAssignment;
  private final AtomicReference<Receiver> receiver = new AtomicReference<>();
  private final CompletableFuture<Void> taken = new CompletableFuture<>();

  /** Keeps a Receive that has ended from moving the reader under the one that came after it. */
  private final Object seekLock = new Object();

  private volatile long idleSinceNs;
  private volatile boolean isFresh = true;

  /**
   * @param resumeAtAssignment the stored resume offset when the assignment began, or {@link #NONE}
   */
  Assignment(PartitionReader reader, long resumeAtAssignment, long nowNs) {
    this.reader = reader;
    this.resumeAtAssignment = resumeAtAssignment;
    this.idleSinceNs = nowNs;
  }

  public PartitionReader reader() {
    return reader;
  }

  /**
   * Begins a Receive.
   *
   * @return false when the assignment was taken away
   * @throws SessionException while another Receive runs
   */
  public boolean beginReceive(Receiver starting) {
    var running = receiver.compareAndExchange(null, starting);
    if (running != null && running != TAKEN) {
      throw new SessionException(
          Reason.ALREADY_EXISTS,
          "a Receive runs on partition " + reader.partition() + " of this session already");
    }
    return running == null;
  }

  public void endReceive(Receiver ending) {
    synchronized (seekLock) {
      idleSinceNs = System.nanoTime();
      receiver.compareAndSet(ending, null);
    }
  }

  /**
   * Ends the running Receive, and lets none begin; completes when that has sent its last record,
   * whether or not the assignment was taken before.
   *
   * @param isLost whether another member may have it already
   */
  CompletableFuture<Void> take(boolean isLost) {
    var running = receiver.getAndSet(TAKEN);
    if (running == null) {
      taken.complete(null);
    } else if (running != TAKEN) {
      var ended = isLost ? running.onLost() : running.onTaken();
      var unused = ended.whenComplete((none, failure) -> taken.complete(null));
    }
    return taken;
  }

  /** Returns whether there are records and, for this long, no Receive. */
  boolean isUnread(long nowNs, long idleNs) {
    return receiver.get() == null && nowNs - idleSinceNs >= idleNs && reader.hasRecords();
  }

  /**
   * Moves the reader to the group's resume offset. A position that is the same as when the
   * assignment began was handled then: the storage may have had to start elsewhere, and its
   * decision stands.
   *
   * @param storedResume the stored resume offset, or {@link #NONE}
   */
  void resume(Receiver who, long storedResume) {
    boolean isUnchanged = storedResume == NONE || storedResume == resumeAtAssignment;
    seek(who, isUnchanged ? reader.startOffset() : storedResume);
  }

  /**
   * Moves the reader, if this receiver still reads it; not where it stands there already, which
   * would drop its prefetch.
   */
  public void seek(Receiver who, long offset) {
    synchronized (seekLock) {
      if (receiver.get() != who) {
        return;
      }
      if (!isFresh || offset != reader.startOffset()) {
        reader.seek(offset);
      }
      isFresh = false;
    }
  }
}
