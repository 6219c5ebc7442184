package io.liiklus.positions.cassandra;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import java.time.Clock;
import java.util.List;

/** Factory of {@link CassandraPositionsStorage}. Immutable. */
public final class CassandraPositionsStorageFactory implements PositionsStorageFactory {

  @Override
  public String type() {
    return "CASSANDRA";
  }

  @Override
  public String settingsRoot() {
    return "cassandra";
  }

  @Override
  public List<String> configuredBy() {
    return List.of("contactPoints");
  }

  @Override
  public String place(Settings settings) {
    return settings.text("contactPoints") + " " + settings.text("keyspace");
  }

  @Override
  public void check(Settings settings) {
    CassandraSettings.read(settings);
  }

  /** Opens without waiting for Cassandra, which is looked for in the background. */
  @Override
  public PositionsStorage open(Settings settings, StorageContext context) {
    return open(settings, context, Clock.systemUTC());
  }

  /** The same with another clock than the machine's. */
  static PositionsStorage open(Settings settings, StorageContext context, Clock clock) {
    var read =
        CassandraSettings.read(settings)
            .orElseThrow(() -> new IllegalArgumentException("settings of cassandra were refused"));
    return CassandraPositionsStorage.open(read, context.isReadOnly(), new WriteClock(clock));
  }
}
