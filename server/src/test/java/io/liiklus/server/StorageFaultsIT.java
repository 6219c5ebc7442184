package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.RedisServer;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients see while a server behind the gateway is away, and that it heals by itself. */
class StorageFaultsIT {

  private static final Duration SHORT = Duration.ofMillis(1_500);

  /** An ack of it that failed may be stored all the same, and the group still starts at 0. */
  private static final long NONE = -1;

  private final String topic = "topic-" + UUID.randomUUID();
  private TcpRelay kafka;
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
            "--redis.port=" + redis.port());
    client = new GatewayClient(gateway.port());
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
    redis.close();
    if (kafka != null) {
      kafka.close();
    }
  }

  @Test
  void awayPositions_stopNoRecordsFailAcksInTimeAndDelayAssignments() {
    int partition = client.publish(topic, "key", "first").getPartition();
    var subscription = client.subscribe(topic, "group", 0);
    var assignment = GatewayClient.assignments(subscription).get(partition);
    var running = client.receive(assignment);
    running.take(1);

    redis.stop();

    client.publish(topic, "key", "second");
    assertThat(running.take(1).get(0).getRecord().getValue()).isEqualTo(bytes("second"));
    assertThat(ackWithinShort(partition, NONE).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    var waiting = client.subscribe(topic, "other", 0);
    running.close();
    var again = client.receive(assignment);
    again.request(2);
    // Long enough for a position that cannot be read to be taken for none, were it so.
    assertThat(ackWithinShort(partition, NONE).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(waiting.arrived()).isEmpty();
    assertThat(waiting.isEnded()).isFalse();
    assertThat(again.arrived()).isEmpty();
    assertThat(again.isEnded()).isFalse();

    redis.restart();

    assertThat(again.next().getRecord().getValue()).isEqualTo(bytes("first"));
    assertThat(GatewayClient.assignments(waiting)).hasSize(Backend.PARTITIONS);
    client.ack(topic, "group", 0, partition, 1);
    assertThat(client.offsets(topic, "group", 0)).containsEntry(partition, 1L);
  }

  @Test
  void hangingPositionsStorage_isReportedInTime() {
    client.ack(topic, "group", 0, 0, 5);

    redis.pause();
    var status = ackWithinShort(0, 6);
    redis.resume();

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    client.ack(topic, "group", 0, 0, 7);
    assertThat(client.offsets(topic, "group", 0)).containsEntry(0, 7L);
  }

  @Test
  void ackThatOutwaitsTheFault_isStored() throws Exception {
    redis.stop();
    var ack =
        LiiklusServiceGrpc.newFutureStub(client.channel())
            .withDeadlineAfter(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .ack(ackRequest(0, 4));
    redis.restart();

    assertThat(ack.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    assertThat(client.offsets(topic, "group", 0)).containsEntry(0, 4L);
  }

  @Test
  void unreachableBrokers_leaveTheGatewayResponsive() {
    var port = SharedKafka.cluster().bootstrapServers().split(":")[1];
    kafka = TcpRelay.start("127.0.0.1", Integer.parseInt(port));
    kafka.cut();
    try (var isolated =
            Gateway.start(
                "--kafka.bootstrapServers=127.0.0.1:" + kafka.port(),
                "--storage.positions.type=MEMORY");
        var other = new GatewayClient(isolated.port())) {
      var request = PublishRequest.newBuilder().setTopic(topic).setValue(bytes("value")).build();
      var status = GatewayClient.statusOf(() -> other.stubTelling(SHORT).publish(request));

      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      other.ack(topic, "group", 0, 0, 3);
      assertThat(other.offsets(topic, "group", 0)).containsEntry(0, 3L);

      kafka.restore();
      await()
          .atMost(GatewayClient.PATIENCE)
          .untilAsserted(() -> assertThat(other.endOffsets(topic)).hasSize(Backend.PARTITIONS));
      assertThat(other.stub().publish(request).getTopic()).isEqualTo(topic);
    }
  }

  @Test
  void missingTopic_failsItsOwnRecordsOfABatchOnly() {
    var there = PublishRequest.newBuilder().setTopic(topic).setValue(bytes("value")).build();
    var missing = there.toBuilder().setTopic("no-such-" + topic).build();

    var results = client.publishBatch(List.of(missing, there, missing));

    assertThat(results)
        .extracting(result -> result.getError().getCode())
        .containsExactly(Status.Code.NOT_FOUND.value(), 0, Status.Code.NOT_FOUND.value());
    assertThat(results.get(0).getError().getMessage()).contains(missing.getTopic());
    assertThat(results.get(1).getReply().getTopic()).isEqualTo(topic);
  }

  @Test
  void callWaitingAtShutdown_isUnavailable() throws Exception {
    redis.stop();
    var ack =
        LiiklusServiceGrpc.newFutureStub(client.channel())
            .withDeadlineAfter(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .ack(ackRequest(0, 4));
    // Its turn on the connection has come when this one is answered.
    assertThat(client.endOffsets(topic)).hasSize(Backend.PARTITIONS);

    gateway.close();

    assertThat(Status.fromThrowable(assertThrows(Exception.class, ack::get)).getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  private Status ackWithinShort(int partition, long offset) {
    return GatewayClient.statusOf(
        () -> client.stubTelling(SHORT).ack(ackRequest(partition, offset)));
  }

  private AckRequest ackRequest(int partition, long offset) {
    return AckRequest.newBuilder()
        .setTopic(topic)
        .setGroup("group")
        .setPartition(partition)
        .setOffset(offset)
        .build();
  }
}
