package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.GroupId;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.server.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A session over positions, a timer and a log that the test steps. */
class SessionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SteppedTimer timer = new SteppedTimer();
  private final SteppedLookUps positions = new SteppedLookUps();
  private final Acks acks =
      new Acks(
          positions,
          List.of(timer),
          any -> false,
          new Acks.Options(10, 10, 1_000),
          timer::nowNs,
          () -> 0.5);
  private final List<Integer> assigned = new ArrayList<>();
  private final Log log = new Log();
  private final Sessions sessions =
      new Sessions(
          log,
          positions,
          acks,
          (id, reason, records) -> {},
          SteppedAcks.retry(timer),
          new Sessions.Options(1, Duration.ofMinutes(1)));
  private final Session session =
      sessions.open("topic", new GroupId("group", 0), AutoOffsetReset.LATEST, new Observer());

  @Test
  void storedPosition_isResumedBehind() {
    positions.versions.put(0, Map.of(0, 41L));

    assertThat(resumeOffsets(0, 1)).isEqualTo(Map.of(0, 42L));
  }

  @Test
  void resetStart_isKeptForTheNextAssignment() {
    assertThat(resumeOffsets(0)).isEmpty();
    session.onAssigned(new StillReader(0, 70));
    var unused = session.onRevoked(Set.of(0));

    assertThat(resumeOffsets(0)).isEqualTo(Map.of(0, 70L));
  }

  @Test
  void groupWithoutAPosition_goesOnWhereItCommittedItself() {
    log.committed.put(0, 7L);
    log.committed.put(1, 8L);
    positions.versions.put(0, Map.of(0, 41L));

    assertThat(resumeOffsets(0, 1, 2)).isEqualTo(Map.of(0, 42L, 1, 8L));
  }

  @Test
  void committedOffsetThatMoved_goesBeforeTheStartOfTheSession() {
    log.committed.put(0, 7L);
    assertThat(resumeOffsets(0)).isEqualTo(Map.of(0, 7L));
    session.onAssigned(new StillReader(0, 7));
    var unused = session.onRevoked(Set.of(0));
    log.committed.put(0, 9L);

    assertThat(resumeOffsets(0)).isEqualTo(Map.of(0, 9L));
  }

  @Test
  void storedOffsets_areThoseBehindThePositions() {
    positions.versions.put(0, Map.of(0, 41L, 2, -1L));
    var answer = session.storedOffsets(Set.of(0, 1)).toCompletableFuture();
    positions.next().complete(null);

    assertThat(answer).isCompletedWithValue(Map.of(0, 42L));
  }

  @Test
  void earlierRequest_answersNothingForAPartitionAskedForAgain() {
    positions.versions.put(0, Map.of(0, 41L, 1, 5L));
    var earlier = session.resumeOffsets(Set.of(0, 1)).toCompletableFuture();
    var later = session.resumeOffsets(Set.of(0)).toCompletableFuture();
    positions.next().complete(null);
    positions.next().complete(null);

    assertThat(earlier).isCompletedWithValue(Map.of(1, 6L));
    assertThat(later).isCompletedWithValue(Map.of(0, 42L));
  }

  @Test
  void requestOfAClosedSession_isNotRepeated() {
    var answer = session.resumeOffsets(Set.of(0)).toCompletableFuture();
    var unused = sessions.close(session);
    positions.next().completeExceptionally(away());

    assertThat(answer).isCompletedExceptionally();
    assertThat(timer.isIdle()).isTrue();
  }

  @Test
  void positionsThatAreAway_areAskedForAgain() {
    positions.versions.put(0, Map.of(0, 41L));
    var answer = session.resumeOffsets(Set.of(0)).toCompletableFuture();
    positions.next().completeExceptionally(away());
    timer.advance(Retry.FIRST_DELAY);
    positions.next().complete(null);

    assertThat(answer).isCompletedWithValue(Map.of(0, 42L));
  }

  @Test
  void receive_beginsBehindThePositionOfItsOwnVersion() {
    positions.versions.put(0, Map.of(0, 41L));
    positions.versions.put(3, Map.of(0, 60L));
    var reader = new StillReader(0, 10);
    session.onAssigned(reader);

    var start = start(OptionalLong.empty());

    assertThat(reader.seeks).containsExactly(42L);
    assertThat(start.replayedUpTo()).isEqualTo(60);
  }

  @Test
  void lastKnownOffset_winsOverThePosition() {
    positions.versions.put(0, Map.of(0, 41L));
    var reader = new StillReader(0, 10);
    session.onAssigned(reader);

    var start = start(OptionalLong.of(20));

    assertThat(reader.seeks).containsExactly(21L);
    assertThat(start.replayedUpTo()).isEqualTo(41);
  }

  @Test
  void revokedPartition_waitsForItsReceiveAndItsAcks() {
    session.onAssigned(new StillReader(0, 10));
    var lastSent = new CompletableFuture<Void>();
    assertThat(session.assignment(0).beginReceive(() -> lastSent)).isTrue();
    var acked = session.ack(0, 12, PATIENCE, failure -> {}).toCompletableFuture();
    timer.run();

    var revoked = session.onRevoked(Set.of(0)).toCompletableFuture();
    assertThat(session.assignment(0)).isNull();
    lastSent.complete(null);
    timer.run();
    assertThat(revoked).isNotDone();
    positions.nextWrite().complete(null);
    timer.run();

    assertThat(acked).isCompleted();
    assertThat(revoked).isCompleted();
  }

  @Test
  void lostPartition_refusesAcksUntilItIsAssignedAgain() {
    session.onAssigned(new StillReader(0, 10));
    session.onLost(Set.of(0));

    assertThat(session.ack(0, 12, PATIENCE, failure -> {}).toCompletableFuture())
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(SessionException.class)
        .withMessageContaining("lost partition 0");

    session.onAssigned(new StillReader(0, 13));
    assertThat(session.ack(0, 13, PATIENCE, failure -> {}).toCompletableFuture()).isNotDone();
  }

  @Test
  void partitionThatWasNeverAssigned_isRefusedByNumber() {
    assertThatThrownBy(() -> session.assignment(7))
        .isInstanceOf(SessionException.class)
        .hasMessageContaining("7 was never assigned");
  }

  @Test
  void assignmentAfterTheClose_isTaken() {
    var unused = sessions.close(session);
    session.onAssigned(new StillReader(0, 10));

    assertThat(session.assignment(0).beginReceive(() -> null)).isFalse();
  }

  @Test
  void observer_isNotifiedOfEachAssignment() {
    session.onAssigned(new StillReader(2, 10));
    session.onAssigned(new StillReader(0, 10));

    assertThat(assigned).containsExactly(2, 0);
  }

  @Test
  void closedSession_leavesItsGroupAndItsPlace() {
    assertThatThrownBy(this::openAnother).hasMessageContaining("sessions.max = 1");

    var unused = sessions.close(session);

    assertThat(log.isLeft).isTrue();
    assertThat(openAnother()).isNotNull();
  }

  private Session openAnother() {
    return sessions.open("topic", new GroupId("other", 0), AutoOffsetReset.LATEST, new Observer());
  }

  private Map<Integer, Long> resumeOffsets(Integer... partitions) {
    var answer = session.resumeOffsets(Set.of(partitions)).toCompletableFuture();
    positions.next().complete(null);
    return answer.join();
  }

  private Session.ReceiveStart start(OptionalLong lastKnown) {
    var assignment = session.assignment(0);
    Assignment.Receiver receiver = () -> CompletableFuture.completedStage(null);
    assertThat(assignment.beginReceive(receiver)).isTrue();
    var start = session.start(assignment, receiver, lastKnown, () -> true).toCompletableFuture();
    positions.next().complete(null);
    return start.join();
  }

  private static StorageException away() {
    return new StorageException(Kind.UNAVAILABLE, "as the test says");
  }

  private final class Observer implements SessionObserver {

    @Override
    public Principal owner() {
      return Principal.ANONYMOUS;
    }

    @Override
    public void onAssigned(int partition) {
      assigned.add(partition);
    }

    @Override
    public void onFailed(StorageException failure) {
      throw new AssertionError(failure);
    }
  }

  /** A log whose groups can be joined and left. */
  private static final class Log implements RecordsStorage {
    private final Map<Integer, Long> committed = new HashMap<>();
    private boolean isLeft;

    @Override
    public CompletionStage<Map<Integer, Long>> committedOffsets(String topic, GroupId group) {
      return CompletableFuture.completedStage(Map.copyOf(committed));
    }

    @Override
    public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
      isLeft = false;
      return () -> {
        isLeft = true;
        return CompletableFuture.completedStage(null);
      };
    }

    @Override
    public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long maxRecordBytes() {
      return 1024;
    }

    @Override
    public CompletionStage<Void> check() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
