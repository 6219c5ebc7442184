package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.load.Connection;
import io.liiklus.faults.load.Group;
import io.liiklus.faults.load.Publisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Topic of a test's own, for faults of the log itself, with a publisher and the requests that
 * clients may make. Confined to the test's thread.
 */
final class LogBench implements AutoCloseable {

  /** One partition, so that all keys share it. */
  static final int PARTITION = 0;

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Stage stage;
  private final Connection connection;
  private final Publisher publisher;

  private LogBench(Stage stage) {
    this.stage = stage;
    this.connection = Connection.to(stage.deployment().gateway(1).address());
    this.publisher = new Publisher(stage.topic(), stage.journal());
  }

  /** Makes the topic. */
  static LogBench open(String topic, int partitions, Map<String, String> configs) {
    SharedDeployment.get().kafka().createTopic(topic, partitions, configs);
    return again(topic, topic);
  }

  /** A topic that is there already; its journal has another name. */
  static LogBench again(String topic, String journal) {
    return new LogBench(Stage.quiet(SharedDeployment.get(), topic, journal));
  }

  Stage stage() {
    return stage;
  }

  Deployment deployment() {
    return stage.deployment();
  }

  String bootstrapServers() {
    return deployment().kafka().bootstrapServers();
  }

  /** Publishes under one key. */
  void publish(String key, int count, int paddingBytes) {
    publish(publisher, key, count, paddingBytes);
  }

  /** As above, by a publisher that has a journal of its own. */
  void publish(Publisher by, String key, int count, int paddingBytes) {
    for (int number = 0; number < count; number++) {
      assertThat(by.publish(connection, key, paddingBytes).isOk()).isTrue();
    }
  }

  Map<Integer, Long> positions(Group group) {
    return connection
        .calls(DEADLINE)
        .getOffsets(
            GetOffsetsRequest.newBuilder().setTopic(stage.topic()).setGroup(group.name()).build())
        .getOffsetsMap();
  }

  Map<Integer, Long> endOffsets() {
    return connection
        .calls(DEADLINE)
        .getEndOffsets(GetEndOffsetsRequest.newBuilder().setTopic(stage.topic()).build())
        .getOffsetsMap();
  }

  void awaitPosition(Group group, long offset) {
    await(group.name() + " has acked " + offset)
        .atMost(Stage.RECOVERY_BOUND)
        .until(() -> positions(group).getOrDefault(PARTITION, -1L) == offset);
  }

  void awaitReceived(Group group, long offset) {
    await(group.name() + " has received " + offset)
        .atMost(Stage.RECOVERY_BOUND)
        .until(() -> group.hasReceived(PARTITION, offset));
  }

  /** All offsets that were received since, in that order. */
  List<Long> received(long sinceNs) {
    return stage.events(Received.class, sinceNs).stream().map(Received::offset).toList();
  }

  /** The sum of a metric of this topic over all gateways. */
  long metric(String name, String reason) {
    return deployment().gateways().stream()
        .filter(Gateway::isAlive)
        .mapToLong(
            gateway ->
                gateway.metric(
                    name, "topic=\"" + stage.topic() + "\"", "reason=\"" + reason + "\""))
        .sum();
  }

  /** Fails for broken promises, and for lines of the gateways that are not excused. */
  void check(Pattern... excused) {
    assertThat(stage.violations()).as("journal %s", stage.journal().file()).isEmpty();
    checkLogs(excused);
  }

  /** Fails for lines of the gateways that are not excused. */
  void checkLogs(Pattern... excused) {
    for (var gateway : deployment().gateways()) {
      assertThat(gateway.log().problems(List.of(excused))).isEmpty();
    }
  }

  @Override
  public void close() {
    connection.close();
    stage.close();
    assertThat(SharedDeployment.baseline().leftovers(stage.groups())).isEmpty();
  }
}
