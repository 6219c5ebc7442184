package io.liiklus.storage.sql;

import io.liiklus.api.StorageContext;
import io.liiklus.testing.TcpRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two gateways on one PostgreSQL, and some that die. */
class PgRecordsStorageIT extends SqlRecordsStorageContract {

  private static final List<Runnable> CLOSES = new ArrayList<>();
  private static PgDatabase database;

  @BeforeAll
  static void open() {
    database = new PgDatabase();
    open(database.settings("first"), database.settings("second"));
  }

  @AfterAll
  static void closeMortals() {
    CLOSES.forEach(Runnable::run);
  }

  @Override
  protected Optional<MortalGateway> mortal() {
    TcpRelay relay = database.relay();
    var storage =
        new SqlRecordsStorageFactory().open(database.settings(relay), StorageContext.NONE);
    CLOSES.add(storage::close);
    CLOSES.add(relay::close);
    return Optional.of(new MortalGateway(storage, relay::cut));
  }
}
