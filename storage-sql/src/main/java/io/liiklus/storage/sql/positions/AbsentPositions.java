package io.liiklus.storage.sql.positions;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Positions of a database that is not there, opened to be read alone: each call fails. Immutable.
 */
public final class AbsentPositions implements PositionsStorage {

  private final StorageException reason;

  /**
   * @param reason of each failure
   */
  public AbsentPositions(StorageException reason) {
    this.reason = reason;
  }

  private <T> CompletionStage<T> absent() {
    return CompletableFuture.failedStage(reason);
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    return absent();
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return absent();
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return absent();
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    return absent();
  }

  @Override
  public CompletionStage<Void> check() {
    return absent();
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
