package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.server.session.Assignment.Receiver;
import io.liiklus.server.session.SessionException.Reason;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  private static final long START = 10;

  private final StillReader reader = new StillReader(3, START);
  private final CompletableFuture<Void> lastSent = new CompletableFuture<>();
  private final Receiver receiver = () -> lastSent;
  private final Receiver other = () -> CompletableFuture.completedStage(null);

  @Test
  void secondReceive_isRefusedWhileOneRuns() {
    var assignment = assignment(START);
    assertThat(assignment.beginReceive(receiver)).isTrue();

    assertThatThrownBy(() -> assignment.beginReceive(other))
        .isInstanceOf(SessionException.class)
        .hasMessageContaining("partition 3")
        .extracting(refused -> ((SessionException) refused).reason())
        .isEqualTo(Reason.ALREADY_EXISTS);

    assignment.endReceive(receiver);
    assertThat(assignment.beginReceive(other)).isTrue();
  }

  @Test
  void takenAssignment_endsItsReceiveAndLetsNoneBegin() {
    var assignment = assignment(START);
    assertThat(assignment.beginReceive(receiver)).isTrue();

    var taken = assignment.take(false);
    var again = assignment.take(false);
    assertThat(taken).isNotDone();
    assertThat(assignment.beginReceive(other)).isFalse();
    assignment.endReceive(receiver);
    assertThat(assignment.beginReceive(other)).isFalse();
    lastSent.complete(null);

    assertThat(taken).isCompleted();
    assertThat(again).isCompleted();
  }

  @Test
  void assignmentThatNobodyReceives_isTakenAtOnce() {
    assertThat(assignment(START).take(false)).isCompleted();
  }

  @Test
  void freshReader_isNotMovedToWhereItStands() {
    var assignment = receiving(START);

    assignment.resume(receiver, START);

    assertThat(reader.seeks).isEmpty();
  }

  @Test
  void unchangedPosition_leavesTheStorageItsDecision() {
    // The position was below the start of the log, so the storage began elsewhere.
    var assignment = receiving(4);

    assignment.resume(receiver, 4);
    assertThat(reader.seeks).isEmpty();

    assignment.resume(receiver, Assignment.NONE);
    assertThat(reader.seeks).containsExactly(START);
  }

  @Test
  void changedPosition_movesTheReader() {
    var assignment = receiving(START);

    assignment.resume(receiver, 17);

    assertThat(reader.seeks).containsExactly(17L);
  }

  @Test
  void laterReceive_movesTheReaderBackToTheSameOffset() {
    var assignment = receiving(START);
    assignment.resume(receiver, START);
    assignment.endReceive(receiver);
    assertThat(assignment.beginReceive(other)).isTrue();

    assignment.resume(other, START);

    assertThat(reader.seeks).containsExactly(START);
  }

  @Test
  void endedReceive_movesTheReaderNoMore() {
    var assignment = receiving(START);
    assignment.endReceive(receiver);
    assertThat(assignment.beginReceive(other)).isTrue();

    assignment.seek(receiver, 17);

    assertThat(reader.seeks).isEmpty();
  }

  @Test
  void unreadAssignment_hasRecordsAndNoReceiveForTooLong() {
    var assignment = assignment(START);
    assertThat(assignment.isUnread(100, 100)).isFalse();

    reader.hasRecords = true;
    assertThat(assignment.isUnread(99, 100)).isFalse();
    assertThat(assignment.isUnread(100, 100)).isTrue();

    assertThat(assignment.beginReceive(receiver)).isTrue();
    assertThat(assignment.isUnread(100, 100)).isFalse();
  }

  private Assignment receiving(long resumeAtAssignment) {
    var assignment = assignment(resumeAtAssignment);
    assertThat(assignment.beginReceive(receiver)).isTrue();
    return assignment;
  }

  private Assignment assignment(long resumeAtAssignment) {
    return new Assignment(reader, resumeAtAssignment, 0);
  }
}
