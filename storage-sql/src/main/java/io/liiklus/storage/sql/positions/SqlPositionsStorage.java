package io.liiklus.storage.sql.positions;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.sql.coordination.SqlCoordinationStore;
import io.liiklus.storage.sql.database.SqlDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Positions in a database, a row for each. Thread-safe. */
public final class SqlPositionsStorage implements PositionsStorage {

  /** Writes that wait; past it one fails at once. */
  static final int MAX_WAITING = 10_000;

  private final SqlDatabase database;
  private final PositionTable table;
  private final SqlCoordinationStore coordination;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /**
   * @param database released when the storage is closed
   */
  public SqlPositionsStorage(SqlDatabase database) {
    this.database = database;
    this.table = new PositionTable(database.tables());
    this.coordination = new SqlCoordinationStore(database);
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    if (isClosed.get()) {
      return closed();
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.failedStage(
          new StorageException(
              Kind.EXHAUSTED, "more than " + MAX_WAITING + " writes of positions wait"));
    }
    var change = new StorePositions(table, positions, database.settings().timeouts().statement());
    var unused = change.whenComplete((done, failure) -> waiting.decrementAndGet());
    database.write(change);
    return change;
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return findVersions(topic, group.name())
        .thenApply(versions -> versions.getOrDefault(group.version(), Map.of()));
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return isClosed.get()
        ? closed()
        : database.ask(connection -> table.find(connection, topic, groupName));
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    return isClosed.get() ? closed() : database.ask(table::findAll);
  }

  @Override
  public Optional<CoordinationStore> coordination() {
    return Optional.of(coordination);
  }

  @Override
  public CompletionStage<Void> check() {
    return isClosed.get() ? closed() : database.check();
  }

  private static <T> CompletionStage<T> closed() {
    return CompletableFuture.failedStage(
        new StorageException(Kind.CLOSED, "the positions storage is closed"));
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      database.release();
    }
  }
}
