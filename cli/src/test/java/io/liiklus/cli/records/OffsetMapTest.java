package io.liiklus.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.cli.records.OffsetMap.Run;
import org.junit.jupiter.api.Test;

class OffsetMapTest {

  private final OffsetMap map = new OffsetMap();

  @Test
  void emptyMap_leadsToTheStart() {
    assertThat(map.translate(-1)).isEqualTo(-1);
    assertThat(map.translate(1000)).isEqualTo(-1);
  }

  @Test
  void offsetsInARun_areShifted() {
    add(100, 0, 50);

    assertThat(map.translate(100)).isZero();
    assertThat(map.translate(149)).isEqualTo(49);
    assertThat(map.runs()).containsExactly(new Run(100, 0, 50));
  }

  @Test
  void offsetBeforeAllRecords_leadsBeforeTheFirst() {
    add(100, 7, 50);

    assertThat(map.translate(99)).isEqualTo(6);
    assertThat(map.translate(-1)).isEqualTo(6);
  }

  @Test
  void offsetInAGapOrBehindTheEnd_leadsToTheRecordBefore() {
    add(0, 0, 3);
    add(10, 3, 2);

    assertThat(map.translate(5)).isEqualTo(2);
    assertThat(map.translate(10)).isEqualTo(3);
    assertThat(map.translate(500)).isEqualTo(4);
  }

  @Test
  void recordsThatCameTwice_countWhereTheyCameLast() {
    map.restore(new Run(0, 0, 3));
    // The earlier one had stored two more than it knew.
    add(3, 5, 2);

    assertThat(map.translate(2)).isEqualTo(2);
    assertThat(map.translate(3)).isEqualTo(5);
    assertThat(map.translate(4)).isEqualTo(6);
  }

  @Test
  void manyGaps_areForgottenTowardsRecordsThatComeAgain() {
    int count = 10 * OffsetMap.MAX_RUNS;
    for (int i = 0; i < count; i++) {
      map.add(2L * i, i);
    }

    assertThat(map.runs()).hasSizeLessThanOrEqualTo(OffsetMap.MAX_RUNS);
    assertThat(map.translate(0)).isZero();
    assertThat(map.translate(2L * count)).isEqualTo(count - 1);
    for (int i = 0; i < count; i += 97) {
      assertThat(map.translate(2L * i)).isBetween(0L, (long) i);
    }
  }

  private void add(long source, long target, int count) {
    for (int i = 0; i < count; i++) {
      map.add(source + i, target + i);
    }
  }
}
