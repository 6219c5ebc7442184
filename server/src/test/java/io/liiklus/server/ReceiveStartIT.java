package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The record that a Receive begins with, through a real channel. */
@ParameterizedClass
@EnumSource(Backend.class)
class ReceiveStartIT {

  @Parameter Backend backend;

  private GatewayClient client;
  private String topic;

  @BeforeEach
  void open() {
    client = new GatewayClient(backend.gateway().port());
    topic = backend.newTopic();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void receive_beginsBehindTheLastKnownOffset() {
    var assignment = publish(5);

    try (var receive = client.receive(behind(assignment, 2))) {
      assertThat(receive.take(1).get(0).getRecord().getOffset()).isEqualTo(3);
    }
    try (var receive = client.receive(behind(assignment, 4))) {
      client.publish(topic, "key", "new");
      assertThat(receive.take(1).get(0).getRecord().getOffset()).isEqualTo(5);
    }
    try (var receive = client.receive(behind(assignment, 6))) {
      assertThat(receive.status().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
      assertThat(receive.status().getDescription()).contains("starts at 0", "ends at 5");
    }
  }

  @Test
  void receiveCalledAgain_losesNothing() {
    int count = 200;
    var assignment = publish(count);
    int partition = assignment.getPartition();

    long expected = 0;
    for (int round = 0; round < 100; round++) {
      try (var receive = client.receive(assignment)) {
        for (var reply : receive.take(1 + round % 3)) {
          assertThat(reply.getRecord().getOffset()).isEqualTo(expected);
          expected++;
        }
      }
      client.ack(topic, "group", 0, partition, expected - 1);
    }
    assertThat(expected).isEqualTo(count - 1);
  }

  @Test
  void latest_beginsBehindTheStoredRecords() {
    client.publish(topic, "key", "before");
    var assignments =
        GatewayClient.assignments(
            client.subscribe(
                SubscribeRequest.newBuilder()
                    .setTopic(topic)
                    .setGroup("late")
                    .setAutoOffsetReset(SubscribeRequest.AutoOffsetReset.LATEST)
                    .build()));
    var published = client.publish(topic, "key", "after");

    try (var receive = client.receive(assignments.get(published.getPartition()))) {
      assertThat(receive.take(1).get(0).getRecord().getValue()).isEqualTo(bytes("after"));
    }
  }

  private static ReceiveRequest behind(Assignment assignment, long offset) {
    return ReceiveRequest.newBuilder().setAssignment(assignment).setLastKnownOffset(offset).build();
  }

  /** Publishes records of one key; returns the assignment of their partition. */
  private Assignment publish(int count) {
    int partition = 0;
    for (int i = 0; i < count; i++) {
      partition = client.publish(topic, "key", "value-" + i).getPartition();
    }
    return GatewayClient.assignments(client.subscribe(topic, "group", 0)).get(partition);
  }
}
