package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsReply;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceFutureStub;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.SharedKafka;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Look-ups in Kafka, of which one client can cause thousands at a time. */
class KafkaLookupsIT {

  private static final int TOPICS = 2_000;
  private static final int CALLS = 9_000;

  private static Gateway gateway;
  private static GatewayClient client;
  private static GatewayClient other;

  private final String topic = Backend.KAFKA_AND_REDIS.newTopic();

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
            "--storage.positions.type=MEMORY");
    client = new GatewayClient(gateway.port());
    other = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void close() {
    client.close();
    other.close();
    gateway.close();
  }

  @Test
  void manyUnknownTopics_areNotFoundAndOtherClientsAreServed() throws Exception {
    int partition = other.publish(topic, "key", "value").getPartition();
    var publishes = new ArrayList<Future<PublishReply>>();
    for (int i = 0; i < TOPICS; i++) {
      var request =
          PublishRequest.newBuilder()
              .setTopic("no-topic-" + UUID.randomUUID())
              .setValue(bytes("value"))
              .build();
      publishes.add(stub().publish(request));
    }

    int group = 0;
    do {
      assertThat(other.endOffsets(topic)).containsEntry(partition, 0L);
      try (var subscription = other.subscribe(topic, "group-" + group++, 0)) {
        assertThat(GatewayClient.assignments(subscription)).containsKey(partition);
      }
    } while (!publishes.stream().allMatch(Future::isDone));
    for (var publish : publishes) {
      assertThat(statusOf(publish).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }
  }

  @Test
  void manyLookUpsOfOneTopic_areAllAnswered() throws Exception {
    int partition = other.publish(topic, "key", "value").getPartition();
    var request = GetEndOffsetsRequest.newBuilder().setTopic(topic).build();
    var lookUps = new ArrayList<Future<GetEndOffsetsReply>>();
    for (int i = 0; i < CALLS; i++) {
      lookUps.add(stub().getEndOffsets(request));
    }

    for (var lookUp : lookUps) {
      assertThat(statusOf(lookUp)).isEqualTo(Status.OK);
      assertThat(lookUp.get().getOffsetsMap()).containsEntry(partition, 0L);
    }
  }

  private static LiiklusServiceFutureStub stub() {
    return LiiklusServiceGrpc.newFutureStub(client.channel())
        .withDeadlineAfter(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static Status statusOf(Future<?> call) throws InterruptedException {
    try {
      call.get();
      return Status.OK;
    } catch (ExecutionException failure) {
      return Status.fromThrowable(failure);
    }
  }
}
