package io.liiklus.faults;

import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Deployment.Positions;

/**
 * One deployment for all tests of a JVM, started on first use and ended with the JVM. Positions are
 * where the property {@code liiklus.faults.positions} says, in Redis by default. Thread-safe.
 */
final class SharedDeployment {

  private static final String PROPERTY = "liiklus.faults.positions";

  private SharedDeployment() {}

  static Deployment get() {
    return Holder.DEPLOYMENT;
  }

  /** The use of its gateways before any fault. */
  static Baseline baseline() {
    return Holder.BASELINE;
  }

  private static final class Holder {
    static final Deployment DEPLOYMENT =
        Deployment.start(Positions.valueOf(System.getProperty(PROPERTY, "REDIS")));
    static final Baseline BASELINE = Baseline.of(DEPLOYMENT);
  }
}
