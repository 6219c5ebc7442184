package io.liiklus.positions.cassandra;

import static io.liiklus.api.OpenPositions.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.api.StorageContext;
import io.liiklus.testing.CassandraServer;
import io.liiklus.testing.SharedCassandra;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on one node, by gateways whose clocks differ too. */
class CassandraPositionsStorageIT extends PositionsStorageContract {

  private static MapSettings settings;
  private static OpenPositions open;
  private static OpenPositions second;
  private static OpenPositions behind;

  @BeforeAll
  static void opens() {
    assumeThat(CassandraServer.obstacle()).isEmpty();
    settings = TestSettings.at(SharedCassandra.server(), "contract");
    // At once: each makes what the others have not made yet.
    open = OpenPositions.open(new CassandraPositionsStorageFactory(), settings);
    second = OpenPositions.open(new CassandraPositionsStorageFactory(), settings);
    behind = withClock(Clock.offset(Clock.systemUTC(), CLOCK_LAG.negated()));
    open.untilConnected();
    second.untilConnected();
    behind.untilConnected();
  }

  private static OpenPositions withClock(Clock clock) {
    return new OpenPositions(
        CassandraPositionsStorageFactory.open(settings, StorageContext.NONE, clock));
  }

  @AfterAll
  static void closes() {
    for (var each : new OpenPositions[] {behind, second, open}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Override
  protected PositionsStorage storage() {
    return open.storage();
  }

  @Override
  protected Optional<PositionsStorage> second() {
    return Optional.of(second.storage());
  }

  @Override
  protected Optional<PositionsStorage> secondWithClockBehind() {
    return Optional.of(behind.storage());
  }

  @Test
  void positionsOfManyBatches_areStoredTogether() {
    var offsets = new HashMap<Integer, Long>();
    for (int partition = 0; partition < 3 * PositionUpdate.MAX_POSITIONS + 1; partition++) {
      offsets.put(partition, 7L + partition);
    }
    var topic = "topic-" + UUID.randomUUID();
    var group = new GroupId("group", 3);
    answer(storage().store(new GroupPositions(topic, group, offsets)));
    assertThat(answer(storage().find(topic, group))).isEqualTo(offsets);
  }

  @Test
  void writesOverAClockAhead_areCounted() {
    var id = new PositionId("topic-" + UUID.randomUUID(), new GroupId("group", 0), 0);
    answer(storage().store(id, 100));
    long before = count(behind);
    answer(behind.storage().store(id, 50));
    assertThat(count(behind)).isEqualTo(before + 1);
    assertThat(answer(storage().find(id.topic(), id.group()))).isEqualTo(Map.of(0, 50L));
  }

  private static long count(OpenPositions storage) {
    return storage.storage().metrics().stream()
        .filter(metric -> metric.name().equals("cassandra_writes_behind_total"))
        .mapToLong(metric -> metric.value().getAsLong())
        .sum();
  }

  @Test
  void nodesThatCanBeReached_areAMetric() {
    assertThat(storage().metrics())
        .filteredOn(metric -> metric.name().equals("cassandra_nodes_up"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.value().getAsLong()).isEqualTo(1));
  }
}
