package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.Metric;
import io.liiklus.api.PositionsStorage;
import io.liiklus.storage.positions.PositionsWriter;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * Positions in Cassandra. A group {@code <name>-v<N>} of version 0 is version N of {@code <name>},
 * as everywhere. Thread-safe.
 *
 * <p>An answer to {@link #store} means that a quorum of the replicas has the positions. A write
 * that ran into its timeout may have been stored, or still be; it never replaces one that began
 * later.
 */
final class CassandraPositionsStorage implements PositionsStorage {

  /** A group that nobody has: looking for it asks a quorum. */
  private static final GroupId NOBODY = new GroupId("nobody", 0);

  private static final String NOWHERE = "nowhere";

  private final CassandraConnector connector;
  private final CassandraCalls calls;
  private final PositionsWriter<TopicGroup> writer;
  private final WriteRights positionRights;
  private final WriteRights rowRights;
  private final CoordinationStore coordination;
  private final List<Metric> metrics;

  private CassandraPositionsStorage(
      CassandraSettings settings, boolean isReadOnly, WriteClock clock) {
    this.connector = new CassandraConnector(settings, isReadOnly);
    this.calls = new CassandraCalls(connector, settings.maxPendingCalls());
    this.writer =
        new PositionsWriter<>(
            new PositionUpdate(connector::session, clock)::write,
            PositionUpdate.MAX_POSITIONS,
            settings.callTimeout(),
            System::nanoTime);
    var keyspace = settings.keyspace().name();
    this.positionRights = new WriteRights(KeyspaceTables.name(keyspace, KeyspaceTables.POSITIONS));
    this.rowRights = new WriteRights(KeyspaceTables.name(keyspace, KeyspaceTables.COORDINATION));
    boolean isLocal = settings.consistency() == DefaultConsistencyLevel.LOCAL_QUORUM;
    var serial = isLocal ? DefaultConsistencyLevel.LOCAL_SERIAL : DefaultConsistencyLevel.SERIAL;
    this.coordination =
        new CassandraCoordinationStore(calls, rowRights, serial, new SecureRandom());
    this.metrics =
        List.of(
            new Metric(
                "cassandra_nodes_up",
                "Nodes of Cassandra that the gateway can reach",
                connector::nodesUp),
            new Metric(
                "cassandra_writes_behind_total",
                "Writes of positions that replaced one from a clock ahead of the gateway's",
                clock::behind));
  }

  /**
   * Returns at once; Cassandra is looked for in the background.
   *
   * @param isReadOnly whether no table is made
   */
  static CassandraPositionsStorage open(
      CassandraSettings settings, boolean isReadOnly, WriteClock clock) {
    var storage = new CassandraPositionsStorage(settings, isReadOnly, clock);
    storage.connector.start();
    return storage;
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    var group = new TopicGroup(positions.topic(), positions.group().canonical());
    return positionRights.noting(calls.call(link -> writer.store(group, positions.offsets())));
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return calls.call(link -> PositionReader.find(link, topic, group.canonical()));
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return calls.call(link -> PositionReader.findVersions(link, topic, groupName));
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    return calls.call(PositionReader::findAll);
  }

  @Override
  public CompletionStage<Void> check() {
    return find(NOWHERE, NOBODY)
        .thenAccept(
            answered -> {
              positionRights.requireAllowed();
              rowRights.requireAllowed();
            });
  }

  @Override
  public Optional<CoordinationStore> coordination() {
    return Optional.of(coordination);
  }

  @Override
  public List<Metric> metrics() {
    return metrics;
  }

  @Override
  public void close() {
    connector.close();
  }
}
