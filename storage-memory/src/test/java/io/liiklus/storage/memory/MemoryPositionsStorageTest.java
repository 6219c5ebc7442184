package io.liiklus.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.api.StorageException.Kind;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPositionsStorageTest extends PositionsStorageContract {

  private final MemoryPositionsStorage storage = new MemoryPositionsStorage(100_000);

  @Override
  protected PositionsStorage storage() {
    return storage;
  }

  @Override
  protected Optional<PositionsStorage> second() {
    return Optional.empty();
  }

  @Test
  void positionPastTheBound_isRefusedWhileOthersMove() {
    var small = new MemoryPositionsStorage(1);
    var there = new PositionId("topic", new GroupId("group", 0), 0);
    var added = new PositionId("topic", new GroupId("group", 0), 1);
    assertThat(small.store(there, 1)).isCompleted();

    assertThat(Failures.kindOf(small.store(added, 1))).isEqualTo(Kind.EXHAUSTED);
    assertThat(Failures.kindOf(small.store(there, 2))).isNull();
    assertThat(small.find("topic", there.group())).isCompletedWithValue(Map.of(0, 2L));
  }

  @Test
  void closedStorage_saysSo() {
    storage.close();
    assertThat(Failures.kindOf(storage.check())).isEqualTo(Kind.CLOSED);
    assertThat(Failures.kindOf(storage.findAll())).isEqualTo(Kind.CLOSED);
  }
}
