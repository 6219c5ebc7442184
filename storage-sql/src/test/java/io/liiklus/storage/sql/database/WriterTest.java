package io.liiklus.storage.sql.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of changes when something fails, step by step. */
class WriterTest {

  private final FakeConnections connections = new FakeConnections();
  private final WriteFaults faults = new WriteFaults(System::nanoTime);
  private final Tables tables = new Tables("liiklus_", true, false);
  private final LockedLogs locked = new LockedLogs(1000);
  private final Writer writer = new Writer(connections, faults, new LogLocks(tables), locked);
  private final List<String> written = new ArrayList<>();
  private SQLException noApply;

  @AfterEach
  void everyConnection_isGivenBack() {
    assertThat(connections.given).isZero();
  }

  @Test
  void changesThatWait_areOneTransactionInOrder() {
    var changes = List.of(add("a"), add("b"), add("c"));
    writer.writeOnce();
    assertThat(written).containsExactly("a", "b", "c");
    assertThat(connections.commits).isEqualTo(1);
    assertThat(changes).allMatch(change -> change.join().equals("done"));
  }

  @Test
  void changesPastTheBound_areForTheNextTransaction() {
    for (int i = 0; i < ChangeQueue.MAX_CHANGES + 1; i++) {
      var unused = add("small");
    }
    writer.writeOnce();
    assertThat(written).hasSize(ChangeQueue.MAX_CHANGES);
    add("large").bytes = ChangeQueue.MAX_BYTES;
    writer.writeOnce();
    assertThat(written).hasSize(ChangeQueue.MAX_CHANGES + 1);
    writer.writeOnce();
    assertThat(written).hasSize(ChangeQueue.MAX_CHANGES + 2);
  }

  @Test
  void commitWithoutAnAnswer_isNeverToldAsNotStoredNorRepeated() {
    var change = add("a");
    change.isPatient = true;
    connections.noCommit = away();
    writer.writeOnce();
    var failure = failure(change);
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.isNotStored()).isFalse();

    connections.noCommit = null;
    writer.writeOnce();
    assertThat(written).containsExactly("a");
  }

  @Test
  void commitThatTheServerRolledBack_isRepeatedWhereItWaits() {
    var patient = add("a");
    patient.isPatient = true;
    var other = add("b");
    connections.noCommit = new SQLException("deadlock", "40P01");
    writer.writeOnce();
    assertThat(failure(other).isNotStored()).isTrue();

    connections.noCommit = null;
    writer.writeOnce();
    assertThat(patient.join()).isEqualTo("done");
    assertThat(written).containsExactly("a", "b", "a");
  }

  @Test
  void changeBehindTheOneThatFailed_isWrittenAfterIt() {
    var first = add("first");
    first.isPatient = true;
    noApply = away();
    writer.writeOnce();
    var second = add("second");
    second.isPatient = true;
    noApply = null;
    written.clear();

    writer.writeOnce();

    assertThat(written).containsExactly("first", "second");
  }

  @Test
  void withoutAConnection_patientChangesWaitAndCanBeTakenBack() {
    var patient = add("a");
    patient.isPatient = true;
    var other = add("b");
    connections.noConnection = away();
    writer.writeOnce();
    assertThat(failure(other).isNotStored()).isTrue();
    assertThat(patient).isNotDone();
    assertThat(patient.withdraw()).isTrue();
    assertThat(failure(patient))
        .hasMessageStartingWith(
            "the database took nothing in time; it was not stored; last failure:");

    connections.noConnection = null;
    writer.writeOnce();
    assertThat(written).isEmpty();
  }

  @Test
  void refusedConnection_failsAllThatWait() {
    var patient = add("a");
    patient.isPatient = true;
    connections.noConnection = new SQLException("password", "28P01");
    writer.writeOnce();
    assertThat(failure(patient).kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure(patient).isNotStored()).isTrue();
  }

  @Test
  void changeAtFault_failsWithoutItsNeighbours() {
    var before = add("before");
    var bad = add("bad");
    var after = add("after");
    writer.writeOnce();
    assertThat(before.join()).isEqualTo("done");
    assertThat(after.join()).isEqualTo("done");
    assertThat(failure(bad).kind()).isEqualTo(Kind.INTERNAL);
    assertThat(failure(bad).isNotStored()).isTrue();
  }

  @Test
  void patienceThatEnds_saysWhetherItWasBegun() {
    var waiting = new TextChange("waiting", Duration.ZERO);
    writer.add(waiting);
    writer.expire(System.nanoTime());
    assertThat(failure(waiting).isNotStored()).isTrue();

    var begun = new TextChange("begun", Duration.ZERO);
    assertThat(begun.begin()).isTrue();
    begun.expire(System.nanoTime());
    assertThat(failure(begun).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure(begun).isNotStored()).isFalse();
    assertThat(begun.withdraw()).isFalse();

    writer.writeOnce();
    assertThat(written).isEmpty();
  }

  private static SQLException away() {
    return new SQLException("away", "08006");
  }

  private TextChange add(String text) {
    var change = new TextChange(text, Duration.ofSeconds(10));
    writer.add(change);
    return change;
  }

  private static StorageException failure(TextChange change) {
    try {
      throw new AssertionError("answered " + change.join());
    } catch (CompletionException failed) {
      return StorageException.of(failed);
    }
  }

  private final class TextChange extends Change<String> implements ChangeKind<TextChange> {

    private final String text;
    private boolean isPatient;
    private long bytes = 1;

    private TextChange(String text, Duration patience) {
      super(patience);
      this.text = text;
    }

    @Override
    protected ChangeKind<?> kind() {
      return this;
    }

    @Override
    protected long bytes() {
      return bytes;
    }

    @Override
    protected boolean waitsForDatabase() {
      return isPatient;
    }

    @Override
    public int order() {
      return RECORDS;
    }

    @Override
    public void apply(Connection connection, List<TextChange> changes) throws SQLException {
      if (text.equals("bad")) {
        throw new SQLException("invalid", "22021");
      }
      if (noApply != null) {
        throw noApply;
      }
      written.add(text);
      answer("done");
    }
  }
}
