package io.liiklus.testing;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * One or more Kafka brokers, each of them a controller too. Brokers are numbered from 1, which is
 * their node id. Thread-safe, but one thread at a time should take brokers down and up.
 *
 * <p>A broker keeps its port and its data through {@link #kill}, {@link #stop} and {@link
 * #restart}. Replication factors are {@code min(3, brokers)}, {@code min.insync.replicas} is {@code
 * min(2, brokers)}, and topics are not created by themselves, unless the broker properties say so.
 */
public interface KafkaCluster extends AutoCloseable {

  /** Mechanism of logins at {@link #loginServers}. */
  String LOGIN_MECHANISM = "SCRAM-SHA-256";

  /** Damage of a batch. */
  enum Damage {
    /** A bit of its last record is another: its checksum is wrong. */
    CONTENTS,
    /** Its format has a number that nobody knows. */
    FORMAT
  }

  /** Starts a cluster and returns when all its brokers serve. */
  static KafkaCluster start(int brokers) {
    return start(brokers, Map.of());
  }

  /**
   * Starts a cluster and returns when all its brokers serve.
   *
   * @param brokerProperties override or add to a broker's settings
   */
  static KafkaCluster start(int brokers, Map<String, String> brokerProperties) {
    return RunningKafkaCluster.start(brokers, brokerProperties);
  }

  /** Host and port of every broker, also of those that are down. */
  String bootstrapServers();

  /**
   * Host and port at which every broker takes logins by {@link #LOGIN_MECHANISM}. There is no user
   * before {@link #admin} makes one.
   */
  String loginServers();

  /** Number of brokers. */
  int brokers();

  /** A client of the cluster, closed with it. */
  Admin admin();

  /** As {@link #createTopic(String, int, Map)}, with the defaults of the brokers. */
  default void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /** Returns when each running broker reports a leader for every partition. */
  void createTopic(String name, int partitions, Map<String, String> configs);

  /** Returns when each running broker reports a leader for every partition. */
  void addPartitions(String topic, int total);

  /** Returns when no running broker knows the topic. */
  void deleteTopic(String topic);

  /** Makes {@code before} the first offset of the partition. */
  void deleteRecords(String topic, int partition, long before);

  /** SIGKILL. Returns when the broker is gone, which the others notice within seconds. */
  void kill(int broker);

  /**
   * Ends the broker with SIGTERM, so that it hands over its partitions first, and with SIGKILL
   * where it does not end, as when too few others are left to take them.
   */
  void stop(int broker);

  /**
   * Starts a broker that is down. Returns when every running broker serves; at once if they are too
   * few to agree on anything, since then none serves until more are restarted.
   */
  void restart(int broker);

  /**
   * Damages the record at this offset on the disk of a broker that was stopped, so that nobody can
   * read the batch it is in: the broker hands it out as it is. The record must stand in the first
   * segment.
   *
   * @throws IllegalStateException where the broker runs, or did not end by itself: it would check
   *     its log when it is restarted, and cut it off before that batch
   */
  void corrupt(int broker, String topic, int partition, long offset, Damage damage);

  /** Makes the broker hang: connections stay and new ones are accepted, but nothing is answered. */
  void pause(int broker);

  /** Ends a {@link #pause}. Does not wait until the others have noticed. */
  void resume(int broker);

  /** Ends all brokers with SIGKILL and deletes their data. Their logs stay. */
  @Override
  void close();
}
