package io.liiklus.testing;

/**
 * One broker for all tests of a JVM, started on first use and ended with the JVM. Tests keep apart
 * by the names of their topics and groups, and leave the broker running. Thread-safe.
 */
public final class SharedKafka {

  private SharedKafka() {}

  /** The same cluster of one broker for every caller. */
  public static KafkaCluster cluster() {
    return Holder.CLUSTER;
  }

  private static final class Holder {
    static final KafkaCluster CLUSTER = KafkaCluster.start(1);
  }
}
