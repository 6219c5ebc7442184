package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.StorageException.Kind;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OffsetsTest {

  @Test
  void positionOfMinusOne_resumesAtTheStart() {
    assertThat(Offsets.next(-1)).isZero();
    assertThat(Offsets.previous(0)).isEqualTo(-1);
    assertThat(Offsets.next(Long.MAX_VALUE - 1)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void range_resumesAtItsBordersAndBetween() {
    var range = new OffsetRange(1L << 62, (1L << 62) + 5);
    assertThat(range.canResumeAt(range.start())).isTrue();
    assertThat(range.canResumeAt(range.end())).isTrue();
    assertThat(range.canResumeAt(Offsets.previous(range.start()))).isFalse();
    assertThat(range.canResumeAt(Offsets.next(range.end()))).isFalse();
  }

  @Test
  void unreadableRecord_isNamedByItsOffset() {
    var failure = StorageException.unreadable(7, "damaged", null);
    assertThat(failure.kind()).isEqualTo(Kind.DATA_LOSS);
    assertThat(failure.offset()).hasValue(7);
    assertThat(failure.asNotStored().offset()).hasValue(7);
    assertThat(new StorageException(Kind.UNAVAILABLE, "away").offset()).isEmpty();
  }

  @Test
  void timestamp_isOptionalAndNotNegative() {
    var record = new RecordToPublish("topic", null, null, List.of());
    assertThat(record.timestamp()).isEmpty();
    assertThatThrownBy(
            () -> new RecordToPublish("topic", null, null, List.of(), OptionalLong.of(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timestamp is negative: -1");
  }
}
