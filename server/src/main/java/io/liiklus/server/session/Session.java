package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.server.security.Principal;
import io.liiklus.server.session.SessionException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Subscribe call: a member of a group, and its assigned partitions. Thread-safe.
 *
 * <p>Threads: the storage's thread writes what is assigned; calls on the event loops read it.
 */
public final class Session implements SubscriptionListener {

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final String id;
  private final String topic;
  private final GroupId group;
  private final Positions positions;
  private final Acks acks;
  private final SessionObserver observer;
  private final SkipCounter skips;
  private final Retry retry;

  // Any thread.
  private final Map<Integer, SessionPartition> partitions = new ConcurrentHashMap<>();
  private volatile boolean isClosed;
  private volatile Subscription subscription;

  Session(String id, String topic, GroupId group, Sessions owner, SessionObserver observer) {
    this.id = id;
    this.topic = topic;
    this.group = group;
    this.positions = new Positions(owner.positions(), owner.records(), topic, group);
    this.acks = owner.acks();
    this.skips = owner.skips();
    this.retry = owner.retry();
    this.observer = observer;
  }

  public String id() {
    return id;
  }

  public String topic() {
    return topic;
  }

  public GroupId group() {
    return group;
  }

  /** Who opened the session; nobody else may use it. */
  public Principal owner() {
    return observer.owner();
  }

  void begin(Subscription opened) {
    subscription = opened;
    if (isClosed) {
      var unused = opened.close();
    }
  }

  /** Leaves the group, which ends the Receives. */
  CompletionStage<Void> close() {
    isClosed = true;
    for (var partition : partitions.values()) {
      partition.forgetLookUp();
      var held = partition.assignment();
      if (held != null) {
        // Kept until it is revoked, which is to wait for the Receive that ends now.
        var unused = held.take(false);
      }
    }
    var opened = subscription;
    return opened == null ? CompletableFuture.completedStage(null) : opened.close();
  }

  /**
   * The assignment of a partition, or null where it was taken away.
   *
   * @throws SessionException where the partition was never assigned to this session
   */
  public Assignment assignment(int partition) {
    var known = partitions.get(partition);
    if (known == null || !known.wasAssigned()) {
      throw new SessionException(
          Reason.FAILED_PRECONDITION,
          "assignment.partition: %d was never assigned to this session; one of a reply to Subscribe"
              .formatted(partition));
    }
    return known.assignment();
  }

  /** Current assignments by partition. */
  Map<Integer, Assignment> assignments() {
    var held = new HashMap<Integer, Assignment>();
    partitions.forEach(
        (number, partition) -> {
          var assignment = partition.assignment();
          if (assignment != null) {
            held.put(number, assignment);
          }
        });
    return held;
  }

  private SessionPartition partition(int number) {
    return partitions.computeIfAbsent(number, added -> new SessionPartition());
  }

  /**
   * Up to which offset the records of a Receive are replayed.
   *
   * @param replayedUpTo the highest position of any version of the group, or -1
   */
  public record ReceiveStart(long replayedUpTo) {}

  /**
   * Moves the assignment's reader to the start of a Receive. Waits for the positions as long as the
   * receiver does.
   *
   * @param receiver the Receive of the assignment
   * @param lastKnownOffset begin behind this one instead of at the group's position
   */
  public CompletionStage<ReceiveStart> start(
      Assignment assignment,
      Assignment.Receiver receiver,
      OptionalLong lastKnownOffset,
      BooleanSupplier isWanted) {
    int partition = assignment.reader().partition();
    return retry
        .whileUnavailable(isWanted, positions::ofAllVersions)
        .thenApply(
            all -> {
              if (lastKnownOffset.isPresent()) {
                assignment.seek(receiver, Offsets.next(lastKnownOffset.getAsLong()));
              } else {
                assignment.resume(receiver, Positions.ownResume(all, group.version(), partition));
              }
              return new ReceiveStart(Positions.highest(all, partition));
            });
  }

  /** The range of an assignment's log. Asks again while the log is away and somebody waits. */
  public CompletionStage<OffsetRange> range(Assignment assignment, BooleanSupplier isWanted) {
    return retry.whileUnavailable(isWanted, () -> assignment.reader().range());
  }

  /** As {@link Acks#ack}; fails for a partition that was lost. */
  public CompletionStage<Void> ack(
      int partition, long offset, Duration patience, Consumer<StorageException> onAway) {
    var known = partitions.get(partition);
    if (known != null && known.isLost()) {
      return CompletableFuture.failedStage(
          new SessionException(
              Reason.FAILED_PRECONDITION,
              "this session has lost partition "
                  + partition
                  + ", which another member may own: wait until it is assigned again"));
    }
    return acks.ack(new PositionId(topic, group, partition), offset, patience, onAway);
  }

  @Override
  public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> wanted) {
    var lookUp = new Object();
    wanted.forEach(number -> partition(number).beginLookUp(lookUp));
    BooleanSupplier isWanted =
        () -> !isClosed && wanted.stream().anyMatch(number -> partition(number).isAwaited(lookUp));
    return retry
        .whileUnavailable(isWanted, () -> positions.forAssignment(wanted))
        .thenApply(
            found -> {
              var resumes = new HashMap<Integer, Long>();
              for (var number : wanted) {
                partition(number)
                    .onFound(lookUp, found.stored().get(number), found.committed().get(number))
                    .ifPresent(resume -> resumes.put(number, resume));
              }
              return resumes;
            });
  }

  @Override
  public CompletionStage<Map<Integer, Long>> storedOffsets(Set<Integer> wanted) {
    return positions
        .stored()
        .thenApply(
            stored -> {
              var resumes = new HashMap<Integer, Long>();
              for (var number : wanted) {
                var position = stored.get(number);
                if (position != null) {
                  resumes.put(number, Offsets.next(position));
                }
              }
              return resumes;
            });
  }

  @Override
  public void onAssigned(PartitionReader reader) {
    int partition = reader.partition();
    var assignment = partition(partition).assign(reader, System.nanoTime());
    if (isClosed) {
      // It came while the session was being closed, and may have been missed there.
      var unused = assignment.take(false);
    }
    log.debug(
        "assigned, topic={} group={} version={} partition={} session={} startOffset={}",
        topic,
        group.name(),
        group.version(),
        partition,
        id,
        reader.startOffset());
    observer.onAssigned(partition);
  }

  @Override
  public CompletionStage<Void> onRevoked(Set<Integer> revoked) {
    var ended = take(revoked);
    logTaken("revoked", revoked);
    var ids =
        revoked.stream()
            .map(partition -> new PositionId(topic, group, partition))
            .collect(Collectors.toSet());
    return ended.thenCompose(none -> acks.flush(ids));
  }

  @Override
  public void onLost(Set<Integer> lost) {
    lost.forEach(number -> partition(number).lose());
    var unused = take(lost);
    logTaken("lost", lost);
  }

  /** Ends the Receives of these partitions; completes when they have sent their last record. */
  private CompletableFuture<Void> take(Set<Integer> taken) {
    return CompletableFuture.allOf(
        taken.stream()
            .map(number -> partition(number).take().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  @Override
  public void onSkipped(int partition, SkipReason reason, long records) {
    skips.onSkipped(new PositionId(topic, group, partition), reason, records);
  }

  @Override
  public void onFailed(StorageException failure) {
    observer.onFailed(failure);
  }

  private void logTaken(String how, Set<Integer> taken) {
    log.info(
        "{}, topic={} group={} version={} partitions={} session={}",
        how,
        topic,
        group.name(),
        group.version(),
        PartitionRanges.text(taken),
        id);
  }
}
