package io.liiklus.storage.sql.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Changes on their way out of a queue, into the locked logs and back, step by step. */
class LockedLogsTest {

  private static final long MAX_BYTES = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LockedLogs locked = new LockedLogs(MAX_BYTES);
  private final ChangeQueue queue = new ChangeQueue(locked);

  @Test
  void changesOfAFreeLog_goOnWithoutThoseOfALockedOne() {
    var all = add(1, 2, 1, 2);
    var others = queue.setAside(queue.take(), Set.of(2L));
    assertThat(others).containsExactly(all.get(1), all.get(3));
    var later = add(1, 2);
    assertThat(queue.take()).containsExactly(later.get(1));
  }

  @Test
  void changeOfNoLog_isNeverSetAside() {
    var all = add(0);
    assertThat(queue.setAside(queue.take(), Set.of())).containsExactlyElementsOf(all);
  }

  @Test
  void logThatComesBack_isBeforeAllOthersInItsOrder() throws Exception {
    var all = new ArrayList<>(add(1, 1));
    var unused = queue.setAside(queue.take(), Set.of());
    all.addAll(add(1, 1));
    assertThat(queue.take()).isEmpty();
    var log = locked.await(0);
    var batch = locked.take(log);
    assertThat(batch).containsExactlyElementsOf(all);
    locked.putBack(log, batch);
    var last = add(2, 1);

    queue.takeBack(log);

    all.addAll(last);
    assertThat(queue.take()).containsExactlyElementsOf(all);
    assertThat(isHere(1)).isFalse();
  }

  @Test
  void logThatComesAndGoes_keepsItsOrder() throws Exception {
    var roomy = new LockedLogs(Long.MAX_VALUE);
    var home = new ChangeQueue(roomy);
    var giving = new Thread(() -> giveBackUntilClosed(roomy, home));
    giving.start();
    var taken = new ArrayList<Change<?>>();
    var all = new ArrayList<Change<?>>();
    for (int round = 0; round < 2_000; round++) {
      for (int i = 0; i < 3; i++) {
        all.add(new LogChange(1, PATIENCE));
        home.add(all.get(all.size() - 1));
      }
      taken.addAll(home.setAside(home.take(), round % 2 == 0 ? Set.of() : Set.of(1L)));
    }
    roomy.close();
    giving.join();
    taken.addAll(roomy.removeAll());
    for (var left = home.take(); !left.isEmpty(); left = home.take()) {
      taken.addAll(left);
    }
    assertThat(taken.equals(all)).as("in the order in which they came").isTrue();
  }

  private static void giveBackUntilClosed(LockedLogs logs, ChangeQueue home) {
    try {
      for (var log = logs.await(0); log != null; log = logs.await(0)) {
        logs.putBack(log, logs.take(log));
        home.takeBack(log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void lockedLogs_haveTheirTurns() throws Exception {
    add(1, 2, 3);
    var unused = queue.setAside(queue.take(), Set.of());
    var turns = new ArrayList<Long>();
    for (int i = 0; i < 6; i++) {
      turns.add(locked.await(0).id);
    }
    assertThat(turns).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
  }

  @Test
  void changesPastTheBound_failAsNotStoredAndMakeNoRoom() throws Exception {
    for (int i = 0; i < MAX_BYTES + 1; i++) {
      add(1);
    }
    var unused = queue.setAside(queue.take(), Set.of());
    var refused = add(1).get(0);
    assertThat(queue.take()).isEmpty();
    assertThat(failure(refused).isNotStored()).isTrue();
    assertThat(failure(refused)).hasMessageContaining("another transaction has the partition");
    var log = locked.await(0);
    assertThat(locked.take(log)).hasSize((int) MAX_BYTES);
    var next = add(1).get(0);
    assertThat(queue.take()).isEmpty();
    assertThat(next).isNotDone();
  }

  @Test
  void patienceThatEnds_isNotStoredAndFreesItsBytes() throws Exception {
    var late = new LogChange(1, Duration.ZERO);
    var unused = queue.setAside(begun(late), Set.of());
    locked.expire(System.nanoTime());
    assertThat(failure(late).isNotStored()).isTrue();
    assertThat(failure(late)).hasMessageContaining("pg_prepared_xacts");
    for (int i = 0; i < MAX_BYTES; i++) {
      add(1);
    }
    assertThat(queue.take()).isEmpty();
    assertThat(locked.take(locked.await(0))).hasSize((int) MAX_BYTES);
  }

  @Test
  void changeThatWaits_canBeTakenBack() throws Exception {
    var change = add(1).get(0);
    var unused = queue.setAside(queue.take(), Set.of());
    assertThat(change.withdraw()).isTrue();
    assertThat(failure(change)).hasMessageContaining("has the partition locked");
    assertThat(locked.take(locked.await(0))).isEmpty();
  }

  @Test
  void closedLogs_giveNoTurnAndTakeNoChange() throws Exception {
    var waiting = add(1).get(0);
    var unused = queue.setAside(queue.take(), Set.of());
    locked.close();
    assertThat(locked.await(0)).isNull();
    assertThat(locked.removeAll()).isEqualTo(List.of(waiting));
    assertThat(isHere(1)).isFalse();
  }

  private boolean isHere(long log) {
    return locked.add(new LogChange(log, PATIENCE)) != LockedLogs.Added.NO_SUCH_LOG;
  }

  private static List<Change<?>> begun(Change<?> change) {
    assertThat(change.begin()).isTrue();
    return List.of(change);
  }

  private List<LogChange> add(long... logs) {
    var added = new ArrayList<LogChange>();
    for (long log : logs) {
      var change = new LogChange(log, PATIENCE);
      queue.add(change);
      added.add(change);
    }
    return added;
  }

  private static StorageException failure(LogChange change) {
    try {
      throw new AssertionError("answered " + change.join());
    } catch (CompletionException failed) {
      return StorageException.of(failed);
    }
  }

  private static final class LogChange extends Change<String> implements ChangeKind<LogChange> {

    private final long log;

    private LogChange(long log, Duration patience) {
      super(patience);
      this.log = log;
    }

    @Override
    protected ChangeKind<?> kind() {
      return this;
    }

    @Override
    protected long log() {
      return log;
    }

    @Override
    protected long bytes() {
      return 1;
    }

    @Override
    public int order() {
      return RECORDS;
    }

    @Override
    public void apply(Connection connection, List<LogChange> changes) {}
  }
}
