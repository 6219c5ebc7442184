package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PositionsTest {

  private final SteppedLookUps storage = new SteppedLookUps();

  @Test
  void versionZero_takesOverTheLowestVersionThatHasAPosition() {
    storage.versions.put(0, Map.of(0, 5L));
    storage.versions.put(2, Map.of(0, 9L, 1, 7L));
    storage.versions.put(3, Map.of(1, 1L, 2, 4L));

    assertThat(forAssignment(0)).isEqualTo(Map.of(0, 5L, 1, 7L, 2, 4L));
  }

  @Test
  void otherVersion_hasItsOwnPositionsAlone() {
    storage.versions.put(0, Map.of(0, 5L));
    storage.versions.put(2, Map.of(1, 7L));

    assertThat(forAssignment(2)).isEqualTo(Map.of(1, 7L));
    assertThat(forAssignment(4)).isEmpty();
  }

  @Test
  void ownResume_isBehindTheVersionsOwnPosition() {
    var versions = Map.of(0, Map.of(0, 5L), 1, Map.of(0, -1L));

    assertThat(Positions.ownResume(versions, 0, 0)).isEqualTo(6);
    assertThat(Positions.ownResume(versions, 1, 0)).isZero();
    assertThat(Positions.ownResume(versions, 0, 1)).isEqualTo(Assignment.NONE);
    assertThat(Positions.ownResume(versions, 2, 0)).isEqualTo(Assignment.NONE);
  }

  @Test
  void highest_isThatOfAnyVersion() {
    var versions = Map.of(0, Map.of(0, 5L), 1, Map.of(0, 8L, 1, 2L));

    assertThat(Positions.highest(versions, 0)).isEqualTo(8);
    assertThat(Positions.highest(versions, 1)).isEqualTo(2);
    assertThat(Positions.highest(versions, 2)).isEqualTo(-1);
  }

  private Map<Integer, Long> forAssignment(int version) {
    var positions = new Positions(storage, "topic", new GroupId("group", version));
    var found = positions.forAssignment().toCompletableFuture();
    storage.next().complete(null);
    return found.join();
  }
}
