package io.liiklus.faults;

import io.liiklus.faults.deployment.Deployment;

/**
 * One deployment for all tests of a JVM, started on first use and ended with the JVM. Thread-safe.
 */
final class SharedDeployment {

  private SharedDeployment() {}

  static Deployment get() {
    return Holder.DEPLOYMENT;
  }

  /** The use of its gateways before any fault. */
  static Baseline baseline() {
    return Holder.BASELINE;
  }

  private static final class Holder {
    static final Deployment DEPLOYMENT = Deployment.start();
    static final Baseline BASELINE = Baseline.of(DEPLOYMENT);
  }
}
