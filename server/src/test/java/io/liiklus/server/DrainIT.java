package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway that shuts down: what its clients see, and what they can still do. */
@ParameterizedClass
@EnumSource(Backend.class)
class DrainIT {

  /** More of them than fit the window of a call, of 1 MiB at the most, and than are sent ahead. */
  private static final int RECORDS = 50;

  private static final String VALUE = "v".repeat(100_000);

  @Parameter Backend backend;

  @Test
  void streams_endAsUnavailableWhileAcksAreStored() throws Exception {
    var topic = backend.newTopic();
    var gateway = Gateway.start(backend.settings());
    try (var client = new GatewayClient(gateway.port())) {
      int partition = client.publish(topic, "key", "value").getPartition();
      var subscription = client.subscribe(topic, "group", 0);
      var assignment = subscription.next().getAssignment();
      while (assignment.getPartition() != partition) {
        assignment = subscription.next().getAssignment();
      }
      var receive = client.receive(assignment);
      receive.take(1);

      var closing = CompletableFuture.runAsync(gateway::close);

      assertUnavailable(receive.status());
      assertUnavailable(subscription.status());
      client.ack(topic, "group", 0, partition, 0);
      ackThrough(client, assignment);
      assertThat(client.offsets(topic, "group", 0)).containsEntry(partition, 0L);
      assertUnavailable(
          GatewayClient.statusOf(
              () ->
                  client
                      .stub()
                      .publish(
                          PublishRequest.newBuilder()
                              .setTopic(topic)
                              .setValue(bytes("late"))
                              .build())));
      assertUnavailable(
          GatewayClient.statusOf(
              () -> client.publishBatch(List.of(PublishRequest.getDefaultInstance()))));
      assertUnavailable(
          client
              .subscribe(SubscribeRequest.newBuilder().setTopic(topic).setGroup("g").build())
              .status());
      assertUnavailable(
          client.receive(ReceiveRequest.newBuilder().setAssignment(assignment).build()).status());
      assertThat(
              HealthGrpc.newBlockingStub(client.channel())
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.NOT_SERVING);
      // Without clients it waits for no acks.
      client.channel().shutdownNow();
      closing.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void unreadStreams_endAsUnavailableOnceTheyAreReadOn() {
    var topic = backend.newTopic();
    var gateway = Gateway.start(backend.settings());
    try (var client = new GatewayClient(gateway.port())) {
      var receives = openUnread(client, topic);

      gateway.close();

      for (var receive : receives) {
        receive.request(RECORDS);
        assertThat(receive.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      }
    }
  }

  @Test
  void streamsThatAreReadOnWhileItDrains_areGivenAllThatWasSentAndTheStatus() throws Exception {
    var topic = backend.newTopic();
    var gateway = Gateway.start(backend.settings());
    try (var client = new GatewayClient(gateway.port())) {
      var receives = openUnread(client, topic);
      var observed = client.subscribe(topic, "observer", 0);

      var closing = CompletableFuture.runAsync(gateway::close);

      assertUnavailable(observed.status());
      for (var receive : receives) {
        receive.request(RECORDS);
        assertUnavailable(receive.status());
      }
      client.channel().shutdownNow();
      closing.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Receives of several groups that take one record each, of many more than a window holds. */
  private static List<GatewayStream<ReceiveReply>> openUnread(GatewayClient client, String topic) {
    int partition = -1;
    for (int i = 0; i < RECORDS; i++) {
      partition = client.publish(topic, "key", VALUE).getPartition();
    }
    var receives = new ArrayList<GatewayStream<ReceiveReply>>();
    for (int group = 0; group < 4; group++) {
      var assignments = GatewayClient.assignments(client.subscribe(topic, "group-" + group, 0));
      var receive = client.receive(assignments.get(partition));
      receive.take(1);
      receives.add(receive);
    }
    return receives;
  }

  @Test
  void drain_leavesNothingBehind() {
    var gateway = Gateway.start(backend.settings());
    int port = gateway.port();
    try (var client = new GatewayClient(port)) {
      client.publish(backend.newTopic(), "key", "value");
    }
    gateway.close();

    await()
        .atMost(GatewayClient.PATIENCE)
        .until(() -> !GatewayClient.statusOf(() -> askOnce(port)).isOk());
  }

  private static void askOnce(int port) {
    try (var client = new GatewayClient(port)) {
      client.endOffsets("topic");
    }
  }

  @SuppressWarnings("deprecation") // Clients of the original ack this way.
  private static void ackThrough(GatewayClient client, Assignment assignment) {
    var unused = client.stub().ack(AckRequest.newBuilder().setAssignment(assignment).build());
  }

  private static void assertUnavailable(Status status) {
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).contains("draining");
  }
}
