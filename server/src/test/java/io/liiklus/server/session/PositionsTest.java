package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PositionsTest {

  private final SteppedLookUps storage = new SteppedLookUps();
  private final Map<Integer, Long> committed = new HashMap<>();
  private int timesAsked;

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

  @Test
  void committedOffset_countsWhereNoVersionHasAPosition() {
    committed.put(0, 10L);
    committed.put(1, 11L);

    assertThat(committed(3)).isEqualTo(Map.of(0, 10L, 1, 11L));

    storage.versions.put(3, Map.of(1, 7L));
    assertThat(committed(3)).as("the first version goes on with it").isEqualTo(Map.of(0, 10L));
    assertThat(committed(0)).isEqualTo(Map.of(0, 10L));
    assertThat(committed(4)).as("a further version reads again").isEmpty();
  }

  @Test
  void committedOffset_isNotAskedForWhereAllHavePositions() {
    storage.versions.put(0, Map.of(0, 5L, 1, 5L, 2, 5L));
    committed.put(0, 10L);

    assertThat(committed(0)).isEmpty();
    assertThat(timesAsked).isZero();
  }

  private Map<Integer, Long> forAssignment(int version) {
    return found(version).stored();
  }

  private Map<Integer, Long> committed(int version) {
    return found(version).committed();
  }

  private Positions.Found found(int version) {
    var positions = new Positions(storage, new Log(), "topic", new GroupId("group", version));
    var found = positions.forAssignment(Set.of(0, 1, 2)).toCompletableFuture();
    while (storage.hasOpen()) {
      storage.next().complete(null);
    }
    return found.join();
  }

  /** A log with groups of its own. */
  private final class Log implements RecordsStorage {

    @Override
    public CompletionStage<Map<Integer, Long>> committedOffsets(String topic, GroupId group) {
      timesAsked++;
      return CompletableFuture.completedStage(Map.copyOf(committed));
    }

    @Override
    public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long maxRecordBytes() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> check() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
