package io.liiklus.bench.worker;

import com.datastax.oss.driver.api.core.CqlSession;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.testing.DynamoDbRequests;
import io.liiklus.testing.RedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what reaches the storage of the positions: commands that write to Redis, records in
 * Kafka's topic, writes of Cassandra's table, or updates in DynamoDB. Confined to one thread.
 */
interface PositionWrites extends AutoCloseable {

  /** Since the storage began. */
  long count() throws Exception;

  @Override
  void close() throws IOException;

  /** By what the order names. */
  static PositionWrites of(WorkOrder order) throws IOException {
    if (order.number("cassandra.port", 0) != 0) {
      return new InCassandra(CassandraSession.open(order), order.text("keyspace"));
    }
    var counts = order.text("dynamo.counts", "");
    if (!counts.isEmpty()) {
      return new InDynamo(counts);
    }
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

  /**
   * Confined to one thread.
   *
   * @param endpoint of the server's counts
   */
  record InDynamo(String endpoint) implements PositionWrites {

    @Override
    public long count() throws Exception {
      var request = DynamoDbRequests.ofCounts(endpoint);
      var counts = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      return DynamoDbRequests.count(counts, "UpdateItem");
    }

    @Override
    public void close() {
      // Nothing stays open.
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

  /** Confined to one thread. */
  final class InCassandra implements PositionWrites {

    private final CqlSession session;
    private final String keyspace;

    private InCassandra(CqlSession session, String keyspace) {
      this.session = session;
      this.keyspace = keyspace;
    }

    @Override
    public long count() {
      var row =
          session
              .execute(
                  "select count from system_views.local_write_latency"
                      + " where keyspace_name = ? and table_name = 'positions'",
                  keyspace)
              .one();
      return row == null ? 0 : row.getLong(0);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
