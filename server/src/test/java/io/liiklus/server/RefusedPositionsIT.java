package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.testing.RedisConnection;
import io.liiklus.testing.RedisServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients are told where the gateway's user may not do all in Redis. */
class RefusedPositionsIT {

  private final String topic = "topic-" + UUID.randomUUID();
  private RedisServer redis;
  private Gateway gateway;
  private GatewayClient client;

  @BeforeEach
  void start() throws IOException {
    redis = RedisServer.start();
    setUser(">secret", "~*", "+@all");
    gateway =
        Gateway.start(
            "--storage.positions.type=REDIS",
            "--memory.partitions=" + Backend.PARTITIONS,
            "--redis.uri=redis://gateway:secret@" + redis.host() + ":" + redis.port());
    client = new GatewayClient(gateway.port());
    client.ack(topic, "group", 0, 0, 1);
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
    redis.close();
  }

  @Test
  @SuppressWarnings("deprecation") // The field is served as long as there are clients that set it.
  void ackWithoutTheRightToWrite_isToldOperationGroupAndTopic() throws IOException {
    var assignment = GatewayClient.assignments(subscribe()).get(0);
    setUser("-hset");

    var operation = "store positions of group group in topic " + topic;
    assertDenied(statusOf(() -> client.ack(topic, "group", 0, 0, 2)), operation);
    var ack = AckRequest.newBuilder().setAssignment(assignment).setOffset(2).build();
    assertDenied(statusOf(() -> client.stub().ack(ack)), operation);
    assertDenied(
        statusOf(() -> client.ack(topic, "group", 3, 0, 2)),
        "store positions of group group version 3 in topic " + topic);
  }

  @Test
  void readingWithoutTheRightTo_isToldOperationGroupAndTopic() throws IOException {
    var assignment = GatewayClient.assignments(subscribe()).get(0);
    setUser("-hgetall");

    assertDenied(
        statusOf(() -> client.offsets(topic, "group", 0)),
        "read positions of group group in topic " + topic);
    assertDenied(
        client.receive(assignment).status(), "receive from topic " + topic + " as group group");
  }

  private GatewayStream<SubscribeReply> subscribe() {
    client.publish(topic, "key", "value");
    return client.subscribe(topic, "group", 0);
  }

  private void setUser(String... rules) throws IOException {
    var words = Stream.concat(Stream.of("ACL", "SETUSER", "gateway", "on"), Stream.of(rules));
    try (var admin = new RedisConnection(new InetSocketAddress(redis.host(), redis.port()))) {
      admin.ask(words.toArray(String[]::new));
    }
  }

  private static void assertDenied(Status status, String operation) {
    assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(status.getDescription())
        .startsWith("not allowed to " + operation + ": Redis answers: NOPERM ");
  }
}
