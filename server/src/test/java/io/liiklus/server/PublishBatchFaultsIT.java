package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Status;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of which Kafka takes a part, or nothing for a while. */
class PublishBatchFaultsIT {

  private static final Duration SHORT = Duration.ofMillis(1_500);

  /** What a partition takes of the producer's memory, whose all is enough for one. */
  private static final int PARTITION_BYTES = 60_000;

  private static final int ALL_BYTES = PARTITION_BYTES + 5_000;

  private final String topic = "topic-" + UUID.randomUUID();
  private Gateway gateway;
  private GatewayClient client;

  @BeforeEach
  void start() {
    SharedKafka.cluster().createTopic(topic, 1);
    gateway =
        Gateway.start(
            "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
            "--storage.positions.type=MEMORY",
            // Records wait for more, longer than the tests.
            "--kafka.properties.linger.ms=20000",
            "--kafka.properties.batch.size=" + PARTITION_BYTES,
            "--kafka.properties.buffer.memory=" + ALL_BYTES);
    client = new GatewayClient(gateway.port());
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void batchAtItsDeadline_keepsTheAnswersThatItsRecordsHave() {
    warm(topic);

    var results = publishForAShortTime(small("a b"), small(topic), small(topic));

    assertThat(results)
        .extracting(PublishBatchFaultsIT::code)
        .containsExactly(
            Status.Code.INVALID_ARGUMENT, Status.Code.UNAVAILABLE, Status.Code.UNAVAILABLE);
    assertThat(results.get(1).getError().getMessage()).contains("the record may be stored");
  }

  private List<PublishResult> publishForAShortTime(PublishRequest... requests) {
    return client
        .stubTelling(SHORT)
        .publishBatch(PublishBatchRequest.newBuilder().addAllRequests(List.of(requests)).build())
        .getResultsList();
  }

  @Test
  void batchWaitingAtShutdown_isAnsweredAsFarAsItIsKnown() throws Exception {
    warm(topic);
    var call = client.startPublishBatch(List.of(small("a b"), small(topic)));
    // Its turn on the connection has come when this one is answered.
    client.ack(topic, "group", 0, 0, 0);

    gateway.close();

    var results = call.get().getResultsList();
    assertThat(results)
        .extracting(PublishBatchFaultsIT::code)
        .containsExactly(Status.Code.INVALID_ARGUMENT, Status.Code.UNAVAILABLE);
    assertThat(results.get(1).getError().getMessage()).contains("draining");
  }

  /** Lets the producer know the topic: it refuses the record when it does, and keeps none. */
  private void warm(String warmed) {
    var tooLarge = record(warmed, "x".repeat(ALL_BYTES));
    assertThat(code(client.publishBatch(List.of(tooLarge)).get(0)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static Status.Code code(PublishResult result) {
    return Status.fromCodeValue(result.getError().getCode()).getCode();
  }

  private static PublishRequest small(String topic) {
    return record(topic, "x");
  }

  private static PublishRequest record(String topic, String value) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes("key"))
        .setValue(bytes(value))
        .build();
  }
}
