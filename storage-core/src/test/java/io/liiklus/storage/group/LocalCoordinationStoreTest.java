package io.liiklus.storage.group;

import static io.liiklus.api.CoordinationStore.ABSENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStoreContract;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LocalCoordinationStoreTest extends CoordinationStoreContract {

  private final LocalCoordinationStore store = new LocalCoordinationStore(100);

  @Override
  protected CoordinationStore store() {
    return store;
  }

  @Override
  protected CoordinationStore second() {
    return store;
  }

  @Test
  void rowPastTheBound_isRefusedWhileOthersChange() {
    var small = new LocalCoordinationStore(1);
    assertThat(small.replace("one", ABSENT, new byte[1])).isCompletedWithValue(OptionalLong.of(1));

    assertThat(small.replace("two", ABSENT, new byte[1]))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            StorageException.class, full -> assertThat(full.kind()).isEqualTo(Kind.EXHAUSTED));
    assertThat(small.replace("one", 1, new byte[2])).isCompletedWithValue(OptionalLong.of(2));
    assertThat(small.replace("one", 2, null)).isCompletedWithValue(OptionalLong.of(ABSENT));
    assertThat(small.replace("two", ABSENT, new byte[1])).isCompletedWithValue(OptionalLong.of(3));
  }
}
