package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest.AutoOffsetReset;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that move from plain Kafka consumers to the gateway, and back, on a real broker. */
@ParameterizedClass
@ValueSource(strings = {"classic", "consumer"})
class PlainConsumersIT {

  private static final int RECORDS = 10;

  @Parameter String protocol;

  private final String group = "group-" + UUID.randomUUID();
  private Gateway gateway;
  private GatewayClient client;
  private String topic;
  private int partition;

  @BeforeEach
  void open() {
    gateway = gateway("--kafka.positions.mirrorCommits=true");
    client = new GatewayClient(gateway.port());
    topic = Backend.KAFKA_AND_REDIS.newTopic();
    for (int i = 0; i < RECORDS; i++) {
      partition = client.publish(topic, "key", "value-" + i).getPartition();
    }
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  private Gateway gateway(String... further) {
    var common =
        List.of(
            "--kafka.properties.group.protocol=" + protocol,
            "--redis.positionsProperties.prefix=" + UUID.randomUUID() + ":");
    return Gateway.start(
        Stream.of(Arrays.asList(Backend.KAFKA_AND_REDIS.settings()), common, List.of(further))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  @Test
  void plainGroup_movesToTheGatewayWithoutLosingItsPlace() {
    commitPlain(group, 4);

    assertThat(firstOffset(client, group, 0, AutoOffsetReset.LATEST)).isEqualTo(4);
    assertThat(client.offsets(topic, group, 0)).isEmpty();
    client.ack(topic, group, 0, partition, 6);
    assertThat(firstOffset(client, group, 0, AutoOffsetReset.LATEST)).isEqualTo(7);
  }

  @Test
  void plainGroupNamedLikeAVersion_keepsItsPlaceToo() {
    commitPlain(group, 2);
    commitPlain(group + "-v3", 5);

    assertThat(firstOffset(client, group + "-v3", 0, AutoOffsetReset.LATEST)).isEqualTo(5);
    assertThat(firstOffset(client, group, 4, AutoOffsetReset.LATEST)).isEqualTo(2);
  }

  @Test
  void furtherVersion_beginsByItsReset() {
    commitPlain(group, 4);
    client.ack(topic, group, 1, (partition + 1) % Backend.PARTITIONS, 0);

    assertThat(firstOffset(client, group, 2, AutoOffsetReset.EARLIEST)).isZero();
    assertThat(firstOffset(client, group, 1, AutoOffsetReset.EARLIEST)).isEqualTo(4);
  }

  @Test
  void startAtCommittedThatIsOff_leavesItToTheReset() {
    commitPlain(group, 4);
    try (var other = gateway("--kafka.startAtCommitted=false");
        var otherClient = new GatewayClient(other.port())) {
      assertThat(firstOffset(otherClient, group, 0, AutoOffsetReset.EARLIEST)).isZero();
    }
  }

  @Test
  void mirroredGroup_goesOnWithPlainConsumersWhereItWas() {
    try (var subscription = subscribe(client, group, 0, AutoOffsetReset.EARLIEST)) {
      assignment(subscription);
      client.ack(topic, group, 0, partition, 5);
      await().atMost(GatewayClient.PATIENCE).until(() -> committed() != null);
      assertThat(committed()).isEqualTo(new OffsetAndMetadata(6, "liiklus"));

      client.ack(topic, group, 0, partition, 2);
      await().atMost(GatewayClient.PATIENCE).until(() -> committed().offset() == 3);
      // The last one, without the time for a round.
      client.ack(topic, group, 0, partition, 7);
    }

    await().atMost(GatewayClient.PATIENCE).until(() -> committed().offset() == 8);
    try (var plain = plain(group)) {
      plain.subscribe(List.of(topic));
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(
              () -> {
                var records = plain.poll(Duration.ofMillis(100)).records(id());
                return !records.isEmpty() && records.get(0).offset() == 8;
              });
    }
  }

  @Test
  void ownMirror_isNoPlaceToBegin() {
    try (var subscription = subscribe(client, group, 0, AutoOffsetReset.EARLIEST)) {
      assignment(subscription);
      client.ack(topic, group, 0, partition, 5);
      await().atMost(GatewayClient.PATIENCE).until(() -> committed() != null);
    }
    // Its positions are elsewhere: to this gateway the group has none.
    try (var other = gateway();
        var otherClient = new GatewayClient(other.port())) {
      assertThat(firstOffset(otherClient, group, 0, AutoOffsetReset.EARLIEST)).isZero();
    }
  }

  private TopicPartition id() {
    return new TopicPartition(topic, partition);
  }

  private long firstOffset(GatewayClient through, String name, int version, AutoOffsetReset reset) {
    try (var subscription = subscribe(through, name, version, reset);
        var receive = through.receive(assignment(subscription))) {
      return receive.take(1).get(0).getRecord().getOffset();
    }
  }

  private GatewayStream<SubscribeReply> subscribe(
      GatewayClient through, String name, int version, AutoOffsetReset reset) {
    return through.subscribe(
        SubscribeRequest.newBuilder()
            .setTopic(topic)
            .setGroup(name)
            .setGroupVersion(version)
            .setAutoOffsetReset(reset)
            .build());
  }

  private Assignment assignment(GatewayStream<SubscribeReply> subscription) {
    return GatewayClient.assignments(subscription).get(partition);
  }

  private KafkaConsumer<byte[], byte[]> plain(String groupId) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            SharedKafka.cluster().bootstrapServers(),
            ConsumerConfig.GROUP_ID_CONFIG,
            groupId,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            protocol,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "latest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Commits as a member of the group, and leaves it. */
  private void commitPlain(String groupId, long offset) {
    try (var plain = plain(groupId)) {
      plain.subscribe(List.of(topic));
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(
              () -> {
                plain.poll(Duration.ofMillis(100));
                return plain.assignment().contains(id());
              });
      plain.commitSync(Map.of(id(), new OffsetAndMetadata(offset)));
    }
  }

  /** What Kafka's group has; null: nothing. */
  private OffsetAndMetadata committed() {
    try (var asking = plain(group)) {
      var committed = asking.committed(Set.of(id())).get(id());
      return committed == null
          ? null
          : new OffsetAndMetadata(committed.offset(), committed.metadata());
    }
  }
}
