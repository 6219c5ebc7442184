package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.GatewayClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceBlockingStub;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More records than there is room for while Kafka does not take them. */
class PublishOverloadIT {

  /** What a partition takes of the producer's memory, whose all is enough for one. */
  private static final int PARTITION_BYTES = 60_000;

  private static final int ALL_BYTES = PARTITION_BYTES + 5_000;
  private static final int WAITING_BYTES = 64 * 1024;
  private static final int VALUE_BYTES = 20_000;
  private static final int LARGEST_REQUEST = 50_000;

  private final String topic = "topic-" + UUID.randomUUID();
  private final String other = "other-" + topic;

  @BeforeEach
  void createTopics() {
    SharedKafka.cluster().createTopic(topic, 1);
    SharedKafka.cluster().createTopic(other, 1);
  }

  @Test
  void recordsPastTheBoundOfWaitingTopics_waitAtTheirConnection() throws Exception {
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
        for (int i = 0; i < 3 * WAITING_BYTES / VALUE_BYTES; i++) {
          waiting.add(publish(client, topic, VALUE_BYTES));
        }

        var late = failureOf(() -> shortly(client).publish(request(other, VALUE_BYTES)));
        client.ack(topic, "group", 0, 0, 3);
        kafka.restore();

        requireNotStored(late);
        var offsets = new TreeSet<Long>();
        for (var answer : waiting) {
          offsets.add(outcome(answer).getOffset());
        }
        assertThat(offsets).hasSameSizeAs(waiting);
        assertThat(offsets.last()).isEqualTo(waiting.size() - 1);
        assertThat(client.publish(other, "key", "value").getOffset()).isZero();
      }
    }
  }

  @Test
  void recordThatTheProducerHasNoRoomFor_waitsForIt() throws Exception {
    try (var kafka = KafkaCluster.start(1)) {
      kafka.createTopic(topic, 1);
      kafka.createTopic(other, 1);
      try (var gateway =
              Gateway.start(
                  "--kafka.bootstrapServers=" + kafka.bootstrapServers(),
                  "--storage.positions.type=MEMORY",
                  "--kafka.properties.batch.size=" + PARTITION_BYTES,
                  "--kafka.properties.buffer.memory=" + ALL_BYTES);
          var client = new GatewayClient(gateway.port())) {
        warm(client, topic);
        warm(client, other);
        kafka.pause(1);
        var held = publish(client, topic, 1);
        client.ack(topic, "group", 0, 0, 3);

        var late = failureOf(() -> shortly(client).publish(request(other, 1)));
        var lateBatch = shortly(client).publishBatch(batchOf(request(other, 1))).getResults(0);
        var patient = publish(client, other, 1);
        client.ack(topic, "group", 0, 0, 4);
        kafka.resume(1);

        requireNotStored(late);
        assertThat(lateBatch.getError().getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
        assertThat(lateBatch.getError().getMessage()).contains("the record was not stored");
        assertThat(lateBatch.getError().getNotStored()).isTrue();
        assertThat(outcome(held).getOffset()).isZero();
        assertThat(outcome(patient).getOffset()).isZero();
      }
    }
  }

  @Test
  void recordsPastTheBoundOfAllConnections_areRefusedAndNotStored() throws Exception {
    try (var gateway =
            Gateway.start(
                "--kafka.bootstrapServers=127.0.0.1:1",
                "--storage.positions.type=MEMORY",
                "--kafka.waitingPublishes=" + WAITING_BYTES,
                "--publish.maxWaitingBytes=" + WAITING_BYTES,
                "--grpc.maxInboundMessageSize=" + LARGEST_REQUEST,
                "--grpc.maxUnfinishedRequestBytes=" + 4 * LARGEST_REQUEST);
        var client = new GatewayClient(gateway.port())) {
      client.ack(topic, "group", 0, 0, 2);
      var refusals = new LinkedBlockingQueue<StatusRuntimeException>();
      for (int i = 0; i < 10 * LARGEST_REQUEST / VALUE_BYTES; i++) {
        var call = publish(client, topic, VALUE_BYTES);
        Futures.addCallback(call, new Failures(refusals), Runnable::run);
      }

      var refused = refusals.poll(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);

      requireNotStored(refused, Status.Code.RESOURCE_EXHAUSTED);
      assertThat(refused.getStatus().getDescription()).contains("grpc.maxUnfinishedRequestBytes");
    }
  }

  /** Lets the producer know the topic: it refuses the record when it does, and keeps none. */
  private static void warm(GatewayClient client, String warmed) {
    var refused = statusOf(() -> client.stub().publish(request(warmed, ALL_BYTES)));
    assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static ListenableFuture<PublishReply> publish(
      GatewayClient client, String to, int bytes) {
    return LiiklusServiceGrpc.newFutureStub(client.channel()).publish(request(to, bytes));
  }

  private static PublishRequest request(String to, int bytes) {
    return PublishRequest.newBuilder()
        .setTopic(to)
        .setKey(bytes("key"))
        .setValue(bytes("x".repeat(bytes)))
        .build();
  }

  private record Failures(Queue<StatusRuntimeException> failures)
      implements FutureCallback<PublishReply> {
    @Override
    public void onSuccess(PublishReply reply) {
      throw new AssertionError("there is no Kafka: " + reply);
    }

    @Override
    public void onFailure(Throwable failure) {
      failures.add((StatusRuntimeException) failure);
    }
  }

  private static PublishBatchRequest batchOf(PublishRequest request) {
    return PublishBatchRequest.newBuilder().addRequests(request).build();
  }

  private static LiiklusServiceBlockingStub shortly(GatewayClient client) {
    return client.stubTelling(Duration.ofMillis(1_500));
  }

  private static StatusRuntimeException failureOf(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }

  private static <T> T outcome(Future<T> future) throws Exception {
    return future.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void requireNotStored(StatusRuntimeException failure) {
    requireNotStored(failure, Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription()).contains("the record was not stored");
  }

  private static void requireNotStored(StatusRuntimeException failure, Status.Code code) {
    assertThat(failure.getStatus().getCode()).as("%s", failure).isEqualTo(code);
    var stored = Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);
    assertThat(failure.getTrailers().get(stored)).isEqualTo("no");
  }
}
