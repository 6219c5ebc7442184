package io.liiklus.storage.sql.positions;

import io.liiklus.api.GroupPositions;
import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.ChangeKind;
import java.time.Duration;

/** Positions of a group to store, and the answer to it. Thread-safe. */
final class StorePositions extends Change<Void> {

  private final PositionTable table;
  private final GroupPositions positions;

  StorePositions(PositionTable table, GroupPositions positions, Duration patience) {
    super(patience);
    this.table = table;
    this.positions = positions;
  }

  GroupPositions positions() {
    return positions;
  }

  @Override
  protected ChangeKind<?> kind() {
    return table;
  }
}
