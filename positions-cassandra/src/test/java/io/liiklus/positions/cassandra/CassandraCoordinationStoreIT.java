package io.liiklus.positions.cassandra;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStoreContract;
import io.liiklus.api.OpenPositions;
import io.liiklus.testing.CassandraServer;
import io.liiklus.testing.SharedCassandra;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on one node. */
class CassandraCoordinationStoreIT extends CoordinationStoreContract {

  private static OpenPositions open;
  private static OpenPositions other;

  @BeforeAll
  static void opens() {
    assumeThat(CassandraServer.obstacle()).isEmpty();
    var settings = TestSettings.at(SharedCassandra.server(), "rows");
    open = OpenPositions.open(new CassandraPositionsStorageFactory(), settings).untilConnected();
    other = OpenPositions.open(new CassandraPositionsStorageFactory(), settings).untilConnected();
  }

  @AfterAll
  static void closes() {
    if (open != null) {
      other.close();
      open.close();
    }
  }

  @Override
  protected CoordinationStore store() {
    return open.coordination();
  }

  @Override
  protected CoordinationStore second() {
    return other.coordination();
  }
}
