package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.deployment.Deployment.Positions;
import io.liiklus.faults.load.Connection;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A gateway that starts while no broker can be reached, until one can. Confined to the test's
 * thread.
 */
final class ColdStart implements TopicFault {

  private static final Duration SHORT = Duration.ofSeconds(2);

  private String topic;
  private Connection connection;

  @Override
  public String title() {
    return "F13 no broker can be reached at the first Publish";
  }

  @Override
  public void happen(String fresh) {
    topic = fresh;
    var deployment = SharedDeployment.get();
    var broker = deployment.kafka().bootstrapServers().split(",")[0].split(":");
    try (var relay = TcpRelay.start(broker[0], Integer.parseInt(broker[1]))) {
      relay.cut();
      try (var gateway = deployment.gateway("gateway-cold", relay.host() + ":" + relay.port())) {
        gateway.launch();
        try (var opened = Connection.to(gateway.address())) {
          connection = opened;
          if (deployment.positions() != Positions.KAFKA) {
            await("the gateway serves").atMost(Stage.RECOVERY_BOUND).until(this::isServing);
          } else {
            gateway.awaitHealth("/health/live");
          }
          deployment.kafka().createTopic(topic, 1);
          // Not the caller's own DEADLINE_EXCEEDED: the gateway answers before.
          assertThat(publish(SHORT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
          if (deployment.positions() != Positions.KAFKA) {
            requirePositions();
          }
          relay.restore();
          await("a record is published")
              .atMost(Stage.RECOVERY_BOUND)
              .until(() -> publish(SHORT).isOk());
        }
        assertThat(gateway.log().problems(List.of())).isEmpty();
      }
    }
  }

  private void requirePositions() {
    connection
        .calls(SHORT)
        .ack(AckRequest.newBuilder().setTopic(topic).setGroup(readers()).setOffset(3).build());
    assertThat(positions()).containsEntry(0, 3L);
  }

  private String readers() {
    return topic + "-readers";
  }

  private boolean isServing() {
    try {
      return positions().isEmpty();
    } catch (StatusRuntimeException notYet) {
      return false;
    }
  }

  private Map<Integer, Long> positions() {
    return connection
        .calls(SHORT)
        .getOffsets(GetOffsetsRequest.newBuilder().setTopic(topic).setGroup(readers()).build())
        .getOffsetsMap();
  }

  private Status publish(Duration deadline) {
    try {
      var unused =
          connection
              .calls(deadline)
              .publish(
                  PublishRequest.newBuilder()
                      .setTopic(topic)
                      .setValue(ByteString.copyFromUtf8("value"))
                      .build());
      return Status.OK;
    } catch (StatusRuntimeException failed) {
      return failed.getStatus();
    }
  }
}
