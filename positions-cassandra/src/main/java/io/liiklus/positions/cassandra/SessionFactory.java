package io.liiklus.positions.cassandra;

import com.datastax.dse.driver.api.core.config.DseDriverOption;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.metadata.NodeStateListener;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.metrics.NoopMetricsFactory;
import com.datastax.oss.driver.internal.core.time.ServerSideTimestampGenerator;
import java.time.Duration;
import java.util.List;

/** Factory of the driver's sessions, by the settings. Immutable. */
final class SessionFactory {

  /** Bound on each step of connecting to a node. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Time between two signs of life on a connection without answers. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /**
   * The pauses between attempts to connect to a node again double from the first to the longest.
   */
  private static final Duration FIRST_RECONNECT = Duration.ofMillis(200);

  private static final Duration LONGEST_RECONNECT = Duration.ofSeconds(2);

  /** Requests under way on the connection to a node; as many as the protocol numbers. */
  private static final int MAX_REQUESTS = 32_768;

  /** A node is asked by one connection, so that one thread has all its work. */
  private static final int THREADS = 1;

  private final CassandraSettings settings;

  SessionFactory(CassandraSettings settings) {
    this.settings = settings;
  }

  /**
   * Connects, which may take some seconds.
   *
   * @param nodes notified of nodes that come and go
   */
  CqlSession open(NodeStateListener nodes) {
    var ownClasses = SessionFactory.class.getClassLoader();
    var builder =
        CqlSession.builder()
            .withClassLoader(ownClasses)
            .withConfigLoader(config(ownClasses))
            .addContactPoints(settings.contactPoints().nodes())
            .addNodeStateListener(nodes);
    if (!settings.localDatacenter().isEmpty()) {
      builder.withLocalDatacenter(settings.localDatacenter());
    }
    if (settings.login().isGiven()) {
      builder.withAuthCredentials(settings.login().user(), settings.login().password());
    }
    settings.tls().ifPresent(tls -> builder.withSslEngineFactory(tls.engines()));
    return builder.build();
  }

  private DriverConfigLoader config(ClassLoader ownClasses) {
    boolean isLocal = settings.consistency() == DefaultConsistencyLevel.LOCAL_QUORUM;
    var serial = isLocal ? DefaultConsistencyLevel.LOCAL_SERIAL : DefaultConsistencyLevel.SERIAL;
    return DriverConfigLoader.programmaticBuilder(ownClasses)
        .withString(DefaultDriverOption.SESSION_NAME, "liiklus")
        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, settings.callTimeout())
        .withString(DefaultDriverOption.REQUEST_CONSISTENCY, settings.consistency().name())
        .withString(DefaultDriverOption.REQUEST_SERIAL_CONSISTENCY, serial.name())
        // A write that is repeated might overwrite a newer one.
        .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, false)
        .withClass(
            DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, DcInferringLoadBalancingPolicy.class)
        .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, CONNECT)
        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, CONNECT)
        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, CONNECT)
        .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, CONNECT)
        .withStringList(
            DefaultDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES,
            List.of(settings.keyspace().name()))
        .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, MAX_REQUESTS)
        .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, HEARTBEAT)
        .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, settings.callTimeout())
        .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, FIRST_RECONNECT)
        .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, LONGEST_RECONNECT)
        .withBoolean(DefaultDriverOption.RESOLVE_CONTACT_POINTS, false)
        .withClass(
            DefaultDriverOption.TIMESTAMP_GENERATOR_CLASS, ServerSideTimestampGenerator.class)
        .withClass(DefaultDriverOption.METRICS_FACTORY_CLASS, NoopMetricsFactory.class)
        .withBoolean(DseDriverOption.MONITOR_REPORTING_ENABLED, false)
        .withInt(DefaultDriverOption.NETTY_IO_SIZE, THREADS)
        .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, THREADS)
        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
        .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
        .build();
  }
}
