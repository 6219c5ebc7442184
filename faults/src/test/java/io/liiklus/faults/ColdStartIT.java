package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.load.Connection;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that is started while no broker can be reached. */
class ColdStartIT {

  private static final String TOPIC = "cold-start";
  private static final String GROUP = "cold-readers";
  private static final Duration SHORT = Duration.ofSeconds(2);

  private TcpRelay relay;
  private Gateway gateway;
  private Connection connection;

  @BeforeEach
  void start() {
    var deployment = SharedDeployment.get();
    var broker = deployment.kafka().bootstrapServers().split(",")[0].split(":");
    relay = TcpRelay.start(broker[0], Integer.parseInt(broker[1]));
    relay.cut();
    gateway = deployment.gateway("gateway-cold", relay.host() + ":" + relay.port());
    gateway.launch();
    connection = Connection.to(gateway.address());
    await("the gateway serves").atMost(Stage.RECOVERY_BOUND).until(this::isServing);
  }

  @AfterEach
  void stop() {
    connection.close();
    gateway.close();
    relay.close();
  }

  @Test
  void it_answers_the_first_publish_in_time_and_serves_all_else() {
    SharedDeployment.get().kafka().createTopic(TOPIC, 1);

    // Not the caller's own DEADLINE_EXCEEDED: the gateway answers before.
    assertThat(publish(SHORT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    connection
        .calls(SHORT)
        .ack(AckRequest.newBuilder().setTopic(TOPIC).setGroup(GROUP).setOffset(3).build());
    assertThat(positions()).containsEntry(0, 3L);

    relay.restore();

    await("a record is published").atMost(Stage.RECOVERY_BOUND).until(() -> publish(SHORT).isOk());
    assertThat(gateway.log().problems(List.of())).isEmpty();
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
        .getOffsets(GetOffsetsRequest.newBuilder().setTopic(TOPIC).setGroup(GROUP).build())
        .getOffsetsMap();
  }

  private Status publish(Duration deadline) {
    try {
      var unused =
          connection
              .calls(deadline)
              .publish(
                  PublishRequest.newBuilder()
                      .setTopic(TOPIC)
                      .setValue(ByteString.copyFromUtf8("value"))
                      .build());
      return Status.OK;
    } catch (StatusRuntimeException failed) {
      return failed.getStatus();
    }
  }
}
