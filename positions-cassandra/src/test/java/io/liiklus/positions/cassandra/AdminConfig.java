package io.liiklus.positions.cassandra;

import com.datastax.dse.driver.api.core.config.DseDriverOption;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.internal.core.metrics.NoopMetricsFactory;
import com.datastax.oss.driver.internal.core.time.ServerSideTimestampGenerator;
import java.time.Duration;

/** Options of a session of a test, without the libraries that the driver does not have here. */
final class AdminConfig {

  private AdminConfig() {}

  static DriverConfigLoader loader() {
    return DriverConfigLoader.programmaticBuilder()
        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
        .withClass(DefaultDriverOption.METRICS_FACTORY_CLASS, NoopMetricsFactory.class)
        .withClass(
            DefaultDriverOption.TIMESTAMP_GENERATOR_CLASS, ServerSideTimestampGenerator.class)
        .withBoolean(DseDriverOption.MONITOR_REPORTING_ENABLED, false)
        .build();
  }
}
