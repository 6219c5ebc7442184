package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.journal.Event.Assigned;
import io.liiklus.faults.load.Connection;
import io.liiklus.faults.load.Group;
import io.liiklus.faults.load.Pace;
import io.liiklus.faults.load.Publisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An operator deletes the topic of the positions under a gateway that has a topic of its own for
 * them. Confined to the test's thread.
 */
final class PositionsTopicFault implements TopicFault {

  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final int PARTITION = 0;

  private final Deployment deployment;

  private Stage stage;
  private Connection connection;
  private Publisher publisher;

  /**
   * @param deployment with positions in Kafka
   */
  PositionsTopicFault(Deployment deployment) {
    this.deployment = deployment;
  }

  @Override
  public String title() {
    return "the positions topic is deleted by an operator";
  }

  @Override
  public void happen(String topic) {
    var kafka = deployment.kafka();
    kafka.createTopic(topic, 1);
    var positions = topic + "-positions";
    try (var gateway =
        deployment.gateway(
            "gateway-doomed", kafka.bootstrapServers(), "--kafka.positions.topic=" + positions)) {
      gateway.start();
      try (var opened = Connection.to(gateway.address());
          var quiet = Stage.quiet(deployment, topic, topic)) {
        connection = opened;
        stage = quiet;
        publisher = new Publisher(topic, quiet.journal());
        breakIt(gateway, positions);
      }
    }
  }

  private void breakIt(Gateway gateway, String positions) {
    var readers = stage.group(stage.topic() + "-readers", List.of(gateway.address()));
    readers.join(Pace.FAST);
    publish(10);
    awaitReceived(readers, 9);
    await("acked").atMost(Stage.RECOVERY_BOUND).until(() -> hasAcked(readers, 9));

    deployment.kafka().deleteTopic(positions);

    var logged = new ArrayList<String>();
    await("the loss is logged")
        .atMost(Stage.RECOVERY_BOUND)
        .until(() -> logged.addAll(gateway.log().problems(List.of())));
    assertThat(logged).singleElement().asString().contains("the positions topic was deleted");
    requireUnavailable(readers);
    var newcomers = stage.group(stage.topic() + "-newcomers", List.of(gateway.address()));
    newcomers.join(Pace.FAST);
    publish(10);
    awaitReceived(readers, 19);
    assertThat(stage.events(Assigned.class, 0))
        .extracting(Assigned::group)
        .doesNotContain(newcomers.name());

    gateway.terminate();
    var unused = gateway.awaitEnd();
    gateway.start();
    awaitReceived(newcomers, 19);
    await("acked").atMost(Stage.RECOVERY_BOUND).until(() -> hasAcked(newcomers, 19));
    assertThat(gateway.log().problems(List.of())).isEmpty();
  }

  private void publish(int count) {
    for (int number = 0; number < count; number++) {
      assertThat(publisher.publish(connection, "key", 0).isOk()).isTrue();
    }
  }

  private static void awaitReceived(Group group, long offset) {
    await(group.name() + " has received " + offset)
        .atMost(Stage.RECOVERY_BOUND)
        .until(() -> group.hasReceived(PARTITION, offset));
  }

  private boolean hasAcked(Group group, long offset) {
    try {
      return positions(group).getOrDefault(PARTITION, -1L) == offset;
    } catch (StatusRuntimeException notYet) {
      return false;
    }
  }

  private Map<Integer, Long> positions(Group group) {
    return connection
        .calls(SHORT)
        .getOffsets(
            GetOffsetsRequest.newBuilder().setTopic(stage.topic()).setGroup(group.name()).build())
        .getOffsetsMap();
  }

  private void requireUnavailable(Group group) {
    try {
      throw new AssertionError("positions were found: " + positions(group));
    } catch (StatusRuntimeException failed) {
      assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(failed.getStatus().getDescription()).contains("positions");
    }
  }
}
