package io.liiklus.positions.cassandra;

import static io.liiklus.api.OpenPositions.answer;
import static io.liiklus.api.OpenPositions.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.CassandraServer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Three nodes with three replicas. */
class CassandraClusterIT {

  private static final long MEMORY = 5L << 30;

  @Test
  void oneNodeOfThree_mayBeGoneAndTwoMayNot() {
    assumeThat(CassandraServer.obstacle()).isEmpty();
    if (CassandraServer.freeMemory() < MEMORY) {
      LoggerFactory.getLogger(CassandraClusterIT.class)
          .error("SKIPPED: three nodes of Cassandra need 5 GiB of free memory");
      assumeThat(CassandraServer.freeMemory()).isGreaterThanOrEqualTo(MEMORY);
    }
    var nodes = CassandraServer.startThree();
    var settings = TestSettings.at(nodes.get(0), "three").with("replication", "3");
    try (var storage =
        OpenPositions.open(new CassandraPositionsStorageFactory(), settings).untilConnected()) {
      storage.store("topic", "group", 0, 5);
      nodes.get(1).kill();
      // Until the driver has seen it, what is asked of that node may fail.
      awaitStored(storage, 6);
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(0, Map.of(0, 6L)));
      var row = storage.coordination().replace("row", CoordinationStore.ABSENT, new byte[1]);
      assertThat(answer(row)).isPresent();
      assertThat(answer(storage.coordination().read(Set.of("row")))).hasSize(1);

      nodes.get(2).kill();
      var id = new PositionId("topic", new GroupId("group", 0), 0);
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(failure(storage.storage().store(id, 7)))
                      .hasMessage(
                          "too few replicas of Cassandra are there: LOCAL_QUORUM needs 2, alive"
                              + " are 1")
                      .extracting("kind")
                      .isEqualTo(Kind.UNAVAILABLE));
      assertThat(storage.isConnected()).isFalse();

      nodes.get(2).restart();
      awaitStored(storage, 8);
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 8L));
    } finally {
      nodes.forEach(CassandraServer::close);
    }
  }

  private static void awaitStored(OpenPositions storage, long offset) {
    await()
        .atMost(OpenPositions.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> storage.store("topic", "group", 0, offset));
  }
}
