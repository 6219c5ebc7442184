package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.GatewayClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsReply;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceFutureStub;
import com.google.protobuf.Empty;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.testing.RedisServer;
import io.liiklus.testing.SharedKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * More of everything than its bound: what is more is refused at once, what is under way goes on,
 * and when the load falls all is served again.
 */
class OverloadIT {

  private static final int SESSIONS = 2;
  private static final int READS = 4;
  private static final int ACKS = 16;
  private static final int ACKS_OF_A_POSITION = 10;

  private final String topic = "topic-" + UUID.randomUUID();
  private RedisServer redis;
  private Gateway gateway;
  private GatewayClient client;

  @BeforeEach
  void start() {
    SharedKafka.cluster().createTopic(topic, Backend.PARTITIONS);
    redis = RedisServer.start();
    gateway =
        Gateway.start(
            "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
            "--redis.host=" + redis.host(),
            "--redis.port=" + redis.port(),
            // Nothing is given up by itself while a test lasts.
            "--redis.commandTimeout=60s",
            "--redis.heartbeat=60s",
            "--ack.timeout=60s",
            "--read.timeout=60s",
            "--sessions.max=" + SESSIONS,
            "--read.maxWaiting=" + READS,
            "--ack.maxWaiting=" + ACKS,
            "--ack.maxWaitingPerPosition=" + ACKS_OF_A_POSITION);
    client = new GatewayClient(gateway.port());
    assertThat(client.offsets(topic, "group", 0)).isEmpty();
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
    redis.close();
  }

  @Test
  void readsPastTheBound_areRefused() throws Exception {
    redis.pause();
    var waiting = startReads();

    requireExhausted(statusOf(() -> client.offsets(topic, "group", 0)), "read.maxWaiting");
    requireExhausted(statusOf(() -> client.endOffsets(topic)), "read.maxWaiting");
    client.publish(topic, "key", "value");
    redis.resume();

    for (var read : waiting) {
      assertThat(outcome(read).getOffsetsMap()).isEmpty();
    }
    assertThat(client.endOffsets(topic)).hasSize(Backend.PARTITIONS);
    assertThat(client.offsets(topic, "group", 0)).isEmpty();
  }

  @Test
  void cancelledReads_makeRoom() {
    redis.stop();
    var waiting = startReads();
    requireExhausted(statusOf(() -> client.endOffsets(topic)), "read.maxWaiting");

    waiting.forEach(read -> read.cancel(true));

    await()
        .atMost(GatewayClient.PATIENCE)
        .until(() -> statusOf(() -> client.endOffsets(topic)).isOk());
  }

  @Test
  void sessionsPastTheBound_areRefused() {
    int partition = client.publish(topic, "key", "first").getPartition();
    var first = client.subscribe(topic, "first", 0);
    var receive = client.receive(GatewayClient.assignments(first).get(partition));
    receive.take(1);
    var second = client.subscribe(topic, "second", 0);
    assertThat(GatewayClient.assignments(second)).hasSize(Backend.PARTITIONS);

    requireExhausted(client.subscribe(topic, "third", 0).status(), "sessions.max");

    client.publish(topic, "key", "second");
    assertThat(receive.take(1).get(0).getRecord().getValue()).isEqualTo(bytes("second"));
    assertThat(second.isEnded()).isFalse();
    second.close();
    var third =
        await()
            .atMost(GatewayClient.PATIENCE)
            .until(() -> client.subscribe(topic, "third", 0), stream -> !isRefused(stream));
    assertThat(third.isEnded()).isFalse();
  }

  private static boolean isRefused(GatewayStream<?> stream) {
    await()
        .atMost(GatewayClient.PATIENCE)
        .until(() -> stream.isEnded() || !stream.arrived().isEmpty());
    return stream.isEnded();
  }

  @Test
  void acksPastTheBound_areRefused() throws Exception {
    redis.pause();
    var waiting = new ArrayList<Future<Empty>>();
    for (int i = 0; i < ACKS_OF_A_POSITION; i++) {
      waiting.add(future().ack(ack(0, i)));
    }

    requireExhausted(statusOf(() -> blockingAck(0, 99)), "ack.maxWaitingPerPosition");
    for (int i = 0; waiting.size() < ACKS; i++) {
      waiting.add(future().ack(ack(1, i)));
    }
    requireExhausted(statusOf(() -> blockingAck(2, 99)), "ack.maxWaiting");
    redis.resume();

    for (var ack : waiting) {
      assertThat(outcome(ack)).isNotNull();
    }
    assertThat(client.offsets(topic, "group", 0))
        .containsEntry(0, ACKS_OF_A_POSITION - 1L)
        .containsEntry(1, ACKS - ACKS_OF_A_POSITION - 1L)
        .doesNotContainKey(2);
    blockingAck(0, 99);
    blockingAck(2, 99);
    assertThat(client.offsets(topic, "group", 0)).containsEntry(0, 99L).containsEntry(2, 99L);
  }

  /** As many as may wait. */
  private List<Future<GetOffsetsReply>> startReads() {
    var request = GetOffsetsRequest.newBuilder().setTopic(topic).setGroup("group").build();
    var reads = new ArrayList<Future<GetOffsetsReply>>();
    for (int i = 0; i < READS; i++) {
      reads.add(future().getOffsets(request));
    }
    return reads;
  }

  private LiiklusServiceFutureStub future() {
    return LiiklusServiceGrpc.newFutureStub(client.channel());
  }

  private void blockingAck(int partition, long offset) {
    client.ack(topic, "group", 0, partition, offset);
  }

  private AckRequest ack(int partition, long offset) {
    return AckRequest.newBuilder()
        .setTopic(topic)
        .setGroup("group")
        .setPartition(partition)
        .setOffset(offset)
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
