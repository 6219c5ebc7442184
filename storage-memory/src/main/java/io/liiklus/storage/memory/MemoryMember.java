package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.group.StartOffsets;
import io.liiklus.storage.group.StartOffsets.FirstLook;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription: a member of its group, and the readers of its partitions. Confined to the
 * {@code liiklus-memory} thread, but for {@link #close}, which any thread may call.
 */
final class MemoryMember implements Subscription {

  /** State that all members of a storage share. */
  record Parts(MemoryThread thread, MemoryTopics topics, Duration revokeTimeout) {}

  /** A partition of this member; another object each time it is given. */
  private static final class Assignment {
    final int partition;

    /** Null until it is known where to begin. */
    MemoryReader reader;

    Assignment(int partition) {
      this.partition = partition;
    }
  }

  /** Topics are never deleted. */
  private static final String INCARNATION = "";

  private static final Logger log = LoggerFactory.getLogger(MemoryMember.class);

  /** Pause before the resume offsets are requested again after a failure. */
  private static final Duration RESUME_RETRY_DELAY = Duration.ofSeconds(1);

  private final SubscriptionRequest request;
  private final SubscriptionListener listener;
  private final Parts parts;

  // Memory thread only.
  private final StartOffsets starts;
  private final Map<Integer, Assignment> assignments = new HashMap<>();

  // Any thread.
  /** How often in a row, for the storage's thread alone. */
  private int resumeFailures;

  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private final Function<MemoryMember, Boolean> leave;

  /**
   * @param leave takes the member out of its group, on any thread; false where the storage is
   *     closed
   */
  MemoryMember(
      SubscriptionRequest request,
      SubscriptionListener listener,
      Parts parts,
      Function<MemoryMember, Boolean> leave) {
    this.request = request;
    this.listener = listener;
    this.parts = parts;
    this.leave = leave;
    // Partitions that the topic does not have yet are new. No topic is ever deleted.
    var firstLook = new FirstLook(INCARNATION, parts.topics().partitions(request.topic()));
    this.starts = new StartOffsets(request, firstLook, listener);
  }

  SubscriptionRequest request() {
    return request;
  }

  @Override
  public CompletionStage<Void> close() {
    if (isClosing.compareAndSet(false, true) && !leave.apply(this)) {
      left.complete(null);
    }
    return left.minimalCompletionStage();
  }

  /** Asks where to begin in these partitions, and begins there as soon as that is answered. */
  void assign(Set<Integer> partitions) {
    var fresh = new ArrayList<Assignment>();
    for (var partition : new TreeSet<>(partitions)) {
      var assignment = new Assignment(partition);
      assignments.put(partition, assignment);
      fresh.add(assignment);
    }
    askResumeOffsets(fresh);
  }

  private void askResumeOffsets(List<Assignment> asked) {
    var current = stillAssigned(asked);
    if (current.isEmpty()) {
      return;
    }
    var partitions =
        current.stream().map(assignment -> assignment.partition).collect(Collectors.toSet());
    CompletionStage<Map<Integer, Long>> answer;
    try {
      answer = listener.resumeOffsets(partitions);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    answer.whenComplete(
        (offsets, failure) ->
            parts.thread().post(() -> onResumeOffsets(current, offsets, failure)));
  }

  private void onResumeOffsets(
      List<Assignment> asked, Map<Integer, Long> offsets, Throwable failure) {
    if (failure == null) {
      resumeFailures = 0;
      for (var assignment : stillAssigned(asked)) {
        MemoryThread.run(() -> begin(assignment, offsets));
      }
      return;
    }
    if (resumeFailures++ == 0) {
      log.warn(
          "resume offsets could not be read, trying on, topic={} group={} reason={}",
          request.topic(),
          request.groupName(),
          StorageException.of(failure).getMessage());
    }
    parts.thread().postLater(RESUME_RETRY_DELAY, () -> askResumeOffsets(asked));
  }

  private List<Assignment> stillAssigned(List<Assignment> asked) {
    return asked.stream()
        .filter(assignment -> assignments.get(assignment.partition) == assignment)
        // Between close() and its task on this thread, the listener is not notified either.
        .filter(assignment -> !isClosing.get())
        .toList();
  }

  private void begin(Assignment assignment, Map<Integer, Long> resumeOffsets) {
    int partition = assignment.partition;
    var partitionLog = parts.topics().find(request.topic()).log(partition);
    long start =
        starts.start(partition, resumeOffsets.get(partition), INCARNATION, held(partitionLog));
    assignment.reader =
        new MemoryReader(
            partition,
            partitionLog,
            start,
            parts.thread(),
            (wanted, range) -> resumption(partition, wanted, range));
    listener.onAssigned(assignment.reader);
  }

  private static LogRange held(MemoryLog log) {
    var range = log.range();
    return new LogRange(range, FetchPosition.named(range.end()));
  }

  private long resumption(int partition, long wanted, OffsetRange range) {
    // Between close() and the end of its way to this thread, nothing is reported.
    return isClosing.get() ? range.start() : starts.resumption(partition, wanted, range);
  }

  /** Takes partitions away to give them to others; completes when that may go on. */
  CompletionStage<Void> revoke(Set<Integer> partitions) {
    return take(partitions, Kind.REVOKED);
  }

  /** Takes all partitions away for good; completes when they may be given to others. */
  CompletionStage<Void> leave() {
    return take(Set.copyOf(assignments.keySet()), Kind.CLOSED);
  }

  void onLeft() {
    left.complete(null);
  }

  /** Open reads fail, since the storage closes. */
  void abandon() {
    isClosing.set(true);
    endReads(assignments.keySet(), Kind.CLOSED);
    assignments.clear();
    left.complete(null);
  }

  private CompletionStage<Void> take(Set<Integer> partitions, Kind kind) {
    var told = endReads(partitions, kind);
    assignments.keySet().removeAll(partitions);
    if (told.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    CompletionStage<Void> dealtWith;
    try {
      dealtWith = listener.onRevoked(told);
    } catch (RuntimeException e) {
      dealtWith = CompletableFuture.failedStage(e);
    }
    // A future of our own: one that is derived of another kind may refuse to be completed.
    var isDealtWith = new CompletableFuture<Void>();
    var unused = dealtWith.whenComplete((none, failure) -> isDealtWith.complete(null));
    return isDealtWith.completeOnTimeout(
        null, parts.revokeTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns the partitions that had been announced. */
  private Set<Integer> endReads(Set<Integer> partitions, Kind kind) {
    var announced = new TreeSet<Integer>();
    for (var partition : partitions) {
      var assignment = assignments.get(partition);
      if (assignment != null && assignment.reader != null) {
        assignment.reader.end(kind);
        announced.add(partition);
      }
    }
    return announced;
  }
}
