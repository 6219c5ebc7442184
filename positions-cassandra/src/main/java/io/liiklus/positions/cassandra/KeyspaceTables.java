package io.liiklus.positions.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Keyspace and tables of positions, which are found or made. Confined to the thread that connects.
 *
 * <p>Two gateways that make a table at once would give it two ids, and damage it: each node keeps
 * one of them. So the id follows from the table's name.
 */
final class KeyspaceTables {

  static final String POSITIONS = "positions";
  static final String COORDINATION = "coordination";

  /** Bound on a change of the schema, for which all nodes have to agree. */
  private static final Duration CHANGE = Duration.ofSeconds(30);

  private static final String POSITIONS_COLUMNS =
      "topic text, group_name text, version int, partition int, position bigint,"
          + " primary key ((topic, group_name), version, partition)";
  private static final String COORDINATION_COLUMNS =
      "key text primary key, version bigint, value blob";

  private final CqlSession session;
  private final KeyspaceSettings settings;
  private final boolean isReadOnly;

  /**
   * @param isReadOnly whether nothing is made
   */
  KeyspaceTables(CqlSession session, KeyspaceSettings settings, boolean isReadOnly) {
    this.session = session;
    this.settings = settings;
    this.isReadOnly = isReadOnly;
  }

  /** The full name of a table, for statements. */
  static String name(String keyspace, String table) {
    return CqlIdentifier.fromInternal(keyspace).asCql(true) + "." + table;
  }

  /**
   * Makes what is not there.
   *
   * @throws StorageException where that is not allowed, saying by which setting it would be
   */
  void require() {
    if (!hasKeyspace()) {
      requireAllowed(settings.isCreated(), "keyspace " + settings.name(), "createKeyspace");
      change(
          "create keyspace if not exists %s with replication = %s"
              .formatted(CqlIdentifier.fromInternal(settings.name()).asCql(true), replication()));
    }
    var there = tables();
    create(POSITIONS, POSITIONS_COLUMNS, there);
    create(COORDINATION, COORDINATION_COLUMNS, there);
  }

  private boolean hasKeyspace() {
    return session
            .execute(
                SimpleStatement.newInstance(
                    "select keyspace_name from system_schema.keyspaces where keyspace_name = ?",
                    settings.name()))
            .one()
        != null;
  }

  private Set<String> tables() {
    var found = new HashSet<String>();
    session
        .execute(
            SimpleStatement.newInstance(
                "select table_name from system_schema.tables where keyspace_name = ?",
                settings.name()))
        .forEach(row -> found.add(row.getString(0)));
    return found;
  }

  private void create(String table, String columns, Set<String> there) {
    if (there.contains(table)) {
      return;
    }
    var name = name(settings.name(), table);
    requireAllowed(settings.areTablesCreated(), "table " + name, "createTables");
    change(
        "create table if not exists %s (%s) with id = %s"
            .formatted(name, columns, UUID.nameUUIDFromBytes(name.getBytes(UTF_8))));
  }

  private void requireAllowed(boolean isAllowed, String what, String key) {
    var missing = "Cassandra has no " + what;
    if (isReadOnly) {
      throw new StorageException(Kind.UNKNOWN_TOPIC, missing);
    }
    if (!isAllowed) {
      throw new StorageException(
          Kind.UNAVAILABLE, missing + ": create it, or set cassandra." + key + " = true");
    }
  }

  private void change(String statement) {
    session.execute(SimpleStatement.newInstance(statement).setTimeout(CHANGE));
  }

  private String replication() {
    return settings.replicas().entrySet().stream()
        .map(each -> "'%s': %d".formatted(datacenter(each.getKey()), each.getValue()))
        .collect(Collectors.joining(", ", "{'class': 'NetworkTopologyStrategy', ", "}"));
  }

  private String datacenter(String named) {
    return named.equals(KeyspaceSettings.LOCAL) ? localDatacenter() : named;
  }

  /** That of the nodes which the session asks. */
  private String localDatacenter() {
    return session.getMetadata().getNodes().values().stream()
        .filter(node -> node.getDistance() == NodeDistance.LOCAL && node.getDatacenter() != null)
        .map(Node::getDatacenter)
        .findFirst()
        .orElseThrow(
            () ->
                new StorageException(
                    Kind.UNAVAILABLE, "the local datacenter of Cassandra is not known yet"));
  }
}
