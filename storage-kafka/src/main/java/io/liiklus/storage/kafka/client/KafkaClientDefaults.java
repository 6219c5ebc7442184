package io.liiklus.storage.kafka.client;

import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/**
 * Defaults of ours that differ from Kafka's, for all clients and for each kind. Literals, as {@code
 * reference.conf} has them. Immutable.
 */
final class KafkaClientDefaults {

  /**
   * A broker that hangs still accepts connections. A client could reconnect to it again and again,
   * and never ask another broker for the current leader. So after a failure the request is retried
   * before the next connection is made; both delays vary by 20 %.
   */
  static final Map<String, Object> COMMON =
      Map.of(
          "retry.backoff.ms", 100,
          "retry.backoff.max.ms", 300,
          "reconnect.backoff.ms", 500,
          "reconnect.backoff.max.ms", 1_000);

  static final Map<String, Object> PRODUCER =
      Map.of(
          "linger.ms", 0,
          "delivery.timeout.ms", 30_000,
          "request.timeout.ms", 10_000,
          // A refresh of the metadata creates missing topics, where brokers do that. So it covers
          // only topics that were published to within this time, Kafka's least.
          "metadata.max.idle.ms", 5_000);

  static final Map<String, Object> CONSUMER =
      Map.of(
          "partition.assignment.strategy",
          CooperativeStickyAssignor.class.getName(),
          "isolation.level",
          "read_committed",
          "metadata.max.age.ms",
          30_000,
          "fetch.max.bytes",
          4 * 1024 * 1024,
          "max.partition.fetch.bytes",
          512 * 1024,
          "max.poll.records",
          1_000,
          "session.timeout.ms",
          10_000,
          "request.timeout.ms",
          10_000,
          // A member learns of a rebalance by its heartbeats.
          "heartbeat.interval.ms",
          1_000);

  /**
   * The heartbeat thread of a member wakes once a retry.backoff.ms, with or without a failure: at
   * 100 ms that is most of the cost of an idle member. No record waits for it, since members read
   * none.
   */
  static final Map<String, Object> MEMBER =
      Map.of(
          "retry.backoff.ms", 1_000,
          "retry.backoff.max.ms", 1_000,
          "reconnect.backoff.ms", 1_600,
          "reconnect.backoff.max.ms", 2_000);

  /** The system's size: Kafka's 64 KiB take a poll and a read of the socket each. */
  static final Map<String, Object> READER = Map.of("receive.buffer.bytes", -1);

  static final Map<String, Object> ADMIN =
      Map.of("request.timeout.ms", 4_000, "default.api.timeout.ms", 5_000);

  private KafkaClientDefaults() {}
}
