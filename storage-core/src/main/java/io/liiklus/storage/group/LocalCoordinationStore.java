package io.liiklus.storage.group;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Rows in the memory of this process, for storages whose log is the process's own. Every call
 * answers before it returns. Thread-safe.
 */
public final class LocalCoordinationStore implements CoordinationStore {

  private final int maxRows;

  // Under this object's lock.
  private final Map<String, Row> rows = new HashMap<>();

  /** Last version, of all rows together, so that no version repeats. */
  private long lastVersion = ABSENT;

  /**
   * @param maxRows past which no row is added
   */
  public LocalCoordinationStore(int maxRows) {
    this.maxRows = maxRows;
  }

  @Override
  public synchronized CompletionStage<Map<String, Row>> read(Set<String> keys) {
    var found = new HashMap<String, Row>();
    for (var key : keys) {
      var row = rows.get(key);
      if (row != null) {
        found.put(key, row);
      }
    }
    return CompletableFuture.completedStage(found);
  }

  @Override
  public synchronized CompletionStage<OptionalLong> replace(
      String key, long version, byte[] value) {
    var before = rows.get(key);
    if (version != (before == null ? ABSENT : before.version())) {
      return CompletableFuture.completedStage(OptionalLong.empty());
    }
    if (value == null) {
      rows.remove(key);
      return CompletableFuture.completedStage(OptionalLong.of(ABSENT));
    }
    if (before == null && rows.size() >= maxRows) {
      return CompletableFuture.failedStage(
          new StorageException(
              Kind.EXHAUSTED, "the store has " + maxRows + " rows, and takes no more"));
    }
    lastVersion++;
    rows.put(key, new Row(lastVersion, value));
    return CompletableFuture.completedStage(OptionalLong.of(lastVersion));
  }
}
