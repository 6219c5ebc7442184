package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.testing.RedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what reaches the storage of the positions: commands that write to Redis, or records in
 * Kafka's topic. Confined to one thread.
 */
interface PositionWrites extends AutoCloseable {

  /** Since the storage began. */
  long count() throws Exception;

  @Override
  void close() throws IOException;

  /** By what the order names. */
  static PositionWrites of(WorkOrder order) throws IOException {
    var topic = order.text("positions.topic", "");
    return topic.isEmpty()
        ? new InRedis(order.number("redis.port"))
        : new InKafka(order.text("brokers"), topic);
  }

  /** Confined to one thread. */
  final class InRedis implements PositionWrites {

    private final RedisConnection redis;

    private InRedis(int port) throws IOException {
      redis = new RedisConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public long count() throws IOException {
      return RedisWrites.count(redis.ask("INFO", "commandstats"));
    }

    @Override
    public void close() throws IOException {
      redis.close();
    }
  }

  /** Confined to one thread. */
  final class InKafka implements PositionWrites {

    private final Admin admin;
    private final TopicPartition partition;

    private InKafka(String brokers, String topic) {
      admin = Admin.create(Map.of("bootstrap.servers", brokers));
      partition = new TopicPartition(topic, 0);
    }

    @Override
    public long count() throws Exception {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }

    @Override
    public void close() {
      admin.close();
    }
  }
}
