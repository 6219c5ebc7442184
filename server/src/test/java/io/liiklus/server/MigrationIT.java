package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.testing.RedisConnection;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.SharedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Rolling over from the original to the gateway and back, while both serve one group. A plain
 * consumer with the settings of the original, and its way with Redis, plays its part.
 */
class MigrationIT {

  private static final int ROUND = 30;

  private final String group = "group-" + UUID.randomUUID();
  private final String prefix = "liiklus:" + UUID.randomUUID() + ":";
  private Gateway gateway;
  private GatewayClient client;
  private String topic;
  private int published;

  @BeforeEach
  void open() {
    var strategy =
        "--kafka.properties.partition.assignment.strategy="
            + "org.apache.kafka.clients.consumer.CooperativeStickyAssignor,"
            + RangeAssignor.class.getName();
    var further = Stream.of(strategy, "--redis.positionsProperties.prefix=" + prefix);
    gateway =
        Gateway.start(
            Stream.concat(Stream.of(Backend.KAFKA_AND_REDIS.settings()), further)
                .toArray(String[]::new));
    client = new GatewayClient(gateway.port());
    topic = Backend.KAFKA_AND_REDIS.newTopic();
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  @Test
  void group_rollsOverToTheGatewayAndBack_withoutARecordLost() {
    try (var member = new Member()) {
      try (var original = new Original()) {
        var first = publishRound();
        awaitThat(() -> original.read().containsAll(first));

        member.subscribe();
        awaitThat(
            () -> {
              original.read();
              member.read();
              return member.holds() && !original.holdsAll();
            });
        // The original has stored the positions of all of these.
        assertThat(member.received).isEmpty();
        var second = publishRound();
        awaitThat(
            () -> {
              var both = new HashSet<>(original.read());
              both.addAll(member.read());
              return both.containsAll(second);
            });
        assertThat(member.received).isNotEmpty().isSubsetOf(second);
      }
      var third = publishRound();
      awaitThat(() -> member.read().containsAll(third));
    }
    try (var original = new Original()) {
      var last = publishRound();
      awaitThat(() -> original.read().containsAll(last));
      assertThat(original.received).isEqualTo(last);
    }
    assertThat(client.offsets(topic, group, 0)).isEqualTo(client.endOffsets(topic));
  }

  private Set<String> publishRound() {
    var values = new HashSet<String>();
    for (int i = 0; i < ROUND; i++) {
      var value = "value-" + published++;
      client.publish(topic, "key-" + i, value);
      values.add(value);
    }
    return values;
  }

  private static void awaitThat(Callable<Boolean> condition) {
    await()
        .atMost(GatewayClient.PATIENCE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  private static String redis(String... command) {
    var server = SharedRedis.server();
    try (var connection =
        new RedisConnection(new InetSocketAddress(server.host(), server.port()))) {
      return connection.ask(command);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A client of the original, which acks by assignment. Confined to the test's thread. */
  private final class Member implements AutoCloseable {

    final Set<String> received = new HashSet<>();
    private final Map<Assignment, GatewayStream<ReceiveReply>> receives = new HashMap<>();
    private GatewayStream<SubscribeReply> subscription;

    void subscribe() {
      subscription = client.subscribe(topic, group, 0);
    }

    /** Reads and acks what has come. */
    Set<String> read() {
      subscription.drainTo(reply -> receives.put(reply.getAssignment(), receive(reply)));
      receives.forEach(this::read);
      receives.values().removeIf(GatewayStream::isEnded);
      return received;
    }

    private GatewayStream<ReceiveReply> receive(SubscribeReply reply) {
      var receive = client.receive(reply.getAssignment());
      receive.request(Integer.MAX_VALUE);
      return receive;
    }

    private void read(Assignment assignment, GatewayStream<ReceiveReply> receive) {
      for (var reply = receive.poll(); reply != null; reply = receive.poll()) {
        received.add(reply.getRecord().getValue().toStringUtf8());
        ack(assignment, reply.getRecord().getOffset());
      }
    }

    @SuppressWarnings("deprecation") // As clients of the original do.
    private void ack(Assignment assignment, long offset) {
      var unused =
          client
              .stub()
              .ack(AckRequest.newBuilder().setAssignment(assignment).setOffset(offset).build());
    }

    boolean holds() {
      return !receives.isEmpty();
    }

    @Override
    public void close() {
      subscription.close();
    }
  }

  /** Seeks to the positions in Redis, and stores those of what it has read. */
  private final class Original implements AutoCloseable, ConsumerRebalanceListener {

    final Set<String> received = new HashSet<>();
    private final KafkaConsumer<String, String> consumer;

    Original() {
      consumer =
          new KafkaConsumer<>(
              Map.of(
                  ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                  SharedKafka.cluster().bootstrapServers(),
                  ConsumerConfig.GROUP_ID_CONFIG,
                  group,
                  ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                  false,
                  ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                  "earliest",
                  ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                  RangeAssignor.class.getName()),
              new StringDeserializer(),
              new StringDeserializer());
      consumer.subscribe(List.of(topic), this);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      for (var partition : assigned) {
        var position = redis("HGET", key(), Integer.toString(partition.partition()));
        if (!position.isEmpty()) {
          consumer.seek(partition, Long.parseLong(position) + 1);
        }
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      // What was read is stored already.
    }

    private String key() {
      return prefix + topic + ":" + group + ":0";
    }

    Set<String> read() {
      for (var record : consumer.poll(Duration.ofMillis(50))) {
        received.add(record.value());
        redis("HSET", key(), Integer.toString(record.partition()), Long.toString(record.offset()));
      }
      return received;
    }

    boolean holdsAll() {
      return consumer.assignment().size() == Backend.PARTITIONS;
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
