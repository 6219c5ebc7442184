package io.liiklus.server;

import static io.liiklus.server.GatewayClient.bytes;
import static io.liiklus.server.GatewayClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.TcpRelay;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More records than there is room for while Kafka does not take them. */
class PublishOverloadIT {

  /** What a partition takes of the producer's memory, whose all is enough for one. */
  private static final int PARTITION_BYTES = 60_000;

  private static final int ALL_BYTES = PARTITION_BYTES + 5_000;
  private static final int WAITING_BYTES = 64 * 1024;
  private static final int VALUE_BYTES = 20_000;

  private final String topic = "topic-" + UUID.randomUUID();
  private final String other = "other-" + topic;

  @BeforeEach
  void createTopics() {
    SharedKafka.cluster().createTopic(topic, 1);
    SharedKafka.cluster().createTopic(other, 1);
  }

  @Test
  void moreThanMayWaitForAKafkaThatCannotBeReached() throws Exception {
    var port = SharedKafka.cluster().bootstrapServers().split(":")[1];
    try (var kafka = TcpRelay.start("127.0.0.1", Integer.parseInt(port))) {
      kafka.cut();
      try (var gateway =
              Gateway.start(
                  "--kafka.bootstrapServers=127.0.0.1:" + kafka.port(),
                  "--storage.positions.type=MEMORY",
                  "--kafka.waitingPublishes=" + WAITING_BYTES);
          var client = new GatewayClient(gateway.port())) {
        // So that the connection stands: a client sends in no order what waited for it.
        client.ack(topic, "group", 0, 0, 2);
        var waiting = new ArrayList<Future<PublishReply>>();
        for (int i = 0; i < WAITING_BYTES / VALUE_BYTES; i++) {
          waiting.add(publish(client, topic, VALUE_BYTES));
        }

        var refused = statusOf(() -> client.stub().publish(request(other, VALUE_BYTES)));
        client.ack(topic, "group", 0, 0, 3);
        kafka.restore();

        requireExhausted(refused, "kafka.waitingPublishes");
        for (int i = 0; i < waiting.size(); i++) {
          assertThat(outcome(waiting.get(i)).getOffset()).isEqualTo(i);
        }
        assertThat(client.publish(other, "key", "value").getOffset()).isZero();
      }
    }
  }

  @Test
  void moreThanTheProducerHoldsForAnsweringBrokers() throws Exception {
    try (var gateway =
            Gateway.start(
                "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
                "--storage.positions.type=MEMORY",
                // Records wait for more; a producer without room sends what it holds.
                "--kafka.properties.linger.ms=5000",
                "--kafka.properties.batch.size=" + PARTITION_BYTES,
                "--kafka.properties.buffer.memory=" + ALL_BYTES);
        var client = new GatewayClient(gateway.port())) {
      warm(client, topic);
      warm(client, other);
      var held = publish(client, topic, 1);

      requireExhausted(statusOf(() -> client.publish(other, "key", "value")), "");

      client.ack(topic, "group", 0, 0, 3);
      assertThat(outcome(held).getOffset()).isZero();
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(() -> statusOf(() -> client.publish(other, "key", "value")).isOk());
    }
  }

  /** Lets the producer know the topic: it refuses the record when it does, and keeps none. */
  private static void warm(GatewayClient client, String warmed) {
    var refused = statusOf(() -> client.stub().publish(request(warmed, ALL_BYTES)));
    assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static Future<PublishReply> publish(GatewayClient client, String to, int bytes) {
    return LiiklusServiceGrpc.newFutureStub(client.channel()).publish(request(to, bytes));
  }

  private static PublishRequest request(String to, int bytes) {
    return PublishRequest.newBuilder()
        .setTopic(to)
        .setKey(bytes("key"))
        .setValue(bytes("x".repeat(bytes)))
        .build();
  }

  private static <T> T outcome(Future<T> future) throws Exception {
    return future.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void requireExhausted(Status status, String setting) {
    assertThat(status.getCode()).as("%s", status).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).contains(setting);
  }
}
