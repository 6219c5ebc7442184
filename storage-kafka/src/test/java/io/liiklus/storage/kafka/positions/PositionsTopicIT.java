package io.liiklus.storage.kafka.positions;

import static io.liiklus.storage.kafka.positions.PositionsFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The topic of the positions: made, refused, and put right. */
class PositionsTopicIT {

  private final KafkaCluster cluster = SharedKafka.cluster();
  private final String topic = "positions-" + UUID.randomUUID();
  private final MapSettings settings = PositionsFixture.settings(cluster.bootstrapServers(), topic);

  @Test
  void missingTopic_isMadeWithOneCompactedPartition() throws Exception {
    try (var storage = PositionsFixture.open(settings).untilReady()) {
      storage.store("records", 0, 5);
    }
    var made = cluster.admin().describeTopics(List.of(topic)).topicNameValues().get(topic).get();
    assertThat(made.partitions()).hasSize(1);
    var config = cluster.admin().describeConfigs(List.of(resource())).values().get(resource());
    assertThat(config.get().get("cleanup.policy").value()).isEqualTo("compact");
  }

  @Test
  void topicOfSeveralPartitions_isRefused() {
    cluster.createTopic(topic, 2, Map.of("cleanup.policy", "compact"));
    try (var storage = PositionsFixture.open(settings)) {
      awaitRefusal(
          storage,
          "the positions topic %s has 2 partitions, and positions need the one order of one"
              + " partition, or name another topic, which is made with 1 partition and"
              + " cleanup.policy=compact (kafka.positions.topic)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "compact,delete"})
  void topicThatDeletesPositions_isRefusedUntilItDoesNot(String policy) throws Exception {
    cluster.createTopic(topic, 1, Map.of("cleanup.policy", policy));
    try (var storage = PositionsFixture.open(settings)) {
      awaitRefusal(
          storage,
          "the positions topic %s has cleanup.policy="
              + policy
              + ", by which old positions are deleted: set it to compact, or name another topic,"
              + " which is made with 1 partition and cleanup.policy=compact"
              + " (kafka.positions.topic)");

      setPolicy("compact");

      storage.untilReady().store("records", 0, 5);
      assertThat(storage.find("records")).isEqualTo(Map.of(0, 5L));
    }
  }

  @Test
  void missingTopic_isWaitedForWhereItIsNotToBeMade() {
    try (var storage = PositionsFixture.open(settings.with("positions.createTopic", "false"))) {
      awaitRefusal(
          storage,
          "there is no positions topic %s, and kafka.positions.createTopic is false: make it with 1"
              + " partition and cleanup.policy=compact (kafka.positions.topic)");

      cluster.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));

      storage.untilReady().store("records", 0, 5);
    }
  }

  @Test
  void missingTopic_isNotMadeByOneWhoReads() throws Exception {
    try (var reader = PositionsFixture.openToRead(settings)) {
      awaitFailure(
          reader.storage()::findAll,
          Kind.UNKNOWN_TOPIC,
          "there is no positions topic %s yet (kafka.positions.topic)");
      assertThat(cluster.admin().listTopics().names().get()).doesNotContain(topic);

      try (var writer = PositionsFixture.open(settings).untilReady()) {
        writer.store("records", 0, 5);
      }
      assertThat(reader.untilReady().find("records")).isEqualTo(Map.of(0, 5L));
      var id = new PositionId("records", PositionsFixture.GROUP, 0);
      assertThat(failure(reader.storage().store(id, 1)))
          .hasMessage("the positions were opened to be read alone");
    }
  }

  @Test
  void unreachableBroker_isNamedInTime() {
    // Nobody listens there.
    var nowhere = PositionsFixture.settings("127.0.0.1:1", topic);
    try (var open = PositionsFixture.open(nowhere)) {
      long startNs = System.nanoTime();
      await()
          .atMost(PositionsFixture.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(failure(open.storage().findAll()))
                      .hasMessageStartingWith("Kafka: Timed out waiting for a node")
                      .hasMessageEndingWith(", at=127.0.0.1:1")
                      .extracting("kind")
                      .isEqualTo(Kind.UNAVAILABLE));
      assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private void awaitFailure(Supplier<CompletionStage<?>> call, Kind kind, String text) {
    await()
        .atMost(PositionsFixture.PATIENCE)
        .untilAsserted(
            () -> {
              var failure = failure(call.get());
              assertThat(failure).hasMessage(text.formatted(topic));
              assertThat(failure.kind()).isEqualTo(kind);
            });
  }

  /** Of calls and of the health check; the text has the topic's name where it has a %s. */
  private void awaitRefusal(PositionsFixture open, String text) {
    var storage = open.storage();
    await()
        .atMost(PositionsFixture.PATIENCE)
        .untilAsserted(
            () -> {
              for (var call :
                  List.of(
                      storage.check(),
                      storage.find("records", PositionsFixture.GROUP),
                      storage.store(new PositionId("records", PositionsFixture.GROUP, 0), 1))) {
                assertThat(failure(call)).hasMessage(text.formatted(topic));
                assertThat(failure(call).kind()).isEqualTo(Kind.PRECONDITION);
              }
            });
  }

  private ConfigResource resource() {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private void setPolicy(String policy) throws ExecutionException, InterruptedException {
    var change =
        new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET);
    cluster.admin().incrementalAlterConfigs(Map.of(resource(), List.of(change))).all().get();
  }
}
