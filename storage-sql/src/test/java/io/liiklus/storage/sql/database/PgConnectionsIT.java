package io.liiklus.storage.sql.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.sql.Gateway;
import io.liiklus.storage.sql.PgDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class PgConnectionsIT {

  private static final PositionId POSITION = new PositionId("topic", new GroupId("group", 0), 0);

  private final PgDatabase database = new PgDatabase();

  @Test
  void gatewayThatHangsWithinATransaction_letsGoOfItsLocks() throws Exception {
    var bounded = database.settings("hangs").with("statementTimeout", "500 ms");
    try (var gateway = Gateway.open(database.settings("goes-on"));
        var hanging = new PgConnections(DatabaseSettings.read(bounded))) {
      Gateway.get(gateway.positions.store(POSITION, 1));
      var connection = hanging.writer();
      try (var statement = connection.createStatement()) {
        statement.executeUpdate("update liiklus_position set pos = 2");
      }

      Gateway.get(gateway.positions.store(POSITION, 3));

      assertThatThrownBy(connection::commit)
          .isInstanceOfSatisfying(
              SQLException.class,
              failure -> assertThat(SqlFailures.of(failure).kind()).isEqualTo(Kind.UNAVAILABLE));
      hanging.giveBack(connection, true);
      assertThat(database.ask("select pos from liiklus_position")).isEqualTo("3");
    }
  }
}
