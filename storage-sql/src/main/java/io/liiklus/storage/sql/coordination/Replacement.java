package io.liiklus.storage.sql.coordination;

import io.liiklus.api.CoordinationStore.Row;
import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.ChangeKind;
import java.time.Duration;
import java.util.OptionalLong;

/** Compare-and-set of a row, and the answer to it. Thread-safe. */
final class Replacement extends Change<OptionalLong> {

  private final ReplacementKind kind;
  private final String key;
  private final Row row;

  /**
   * @param row the version that it has to have, and the value to write; null: to remove it
   */
  Replacement(ReplacementKind kind, String key, Row row, Duration patience) {
    super(patience);
    this.kind = kind;
    this.key = key;
    this.row = row;
  }

  String key() {
    return key;
  }

  long version() {
    return row.version();
  }

  byte[] value() {
    return row.value();
  }

  @Override
  protected ChangeKind<?> kind() {
    return kind;
  }
}
