package io.liiklus.bench.worker;

import com.datastax.dse.driver.api.core.config.DseDriverOption;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.internal.core.metrics.NoopMetricsFactory;
import com.datastax.oss.driver.internal.core.time.ServerSideTimestampGenerator;
import io.liiklus.bench.process.WorkOrder;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Opens the driver's session, with as few threads as the gateway's. Immutable. */
final class CassandraSession {

  private CassandraSession() {}

  /** To the node that the order names. */
  static CqlSession open(WorkOrder order) {
    var config =
        DriverConfigLoader.programmaticBuilder()
            .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
            .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
            .withClass(DefaultDriverOption.METRICS_FACTORY_CLASS, NoopMetricsFactory.class)
            .withClass(
                DefaultDriverOption.TIMESTAMP_GENERATOR_CLASS, ServerSideTimestampGenerator.class)
            .withBoolean(DseDriverOption.MONITOR_REPORTING_ENABLED, false)
            .build();
    return CqlSession.builder()
        .addContactPoint(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), order.number("cassandra.port")))
        .withLocalDatacenter("datacenter1")
        .withConfigLoader(config)
        .build();
  }
}
