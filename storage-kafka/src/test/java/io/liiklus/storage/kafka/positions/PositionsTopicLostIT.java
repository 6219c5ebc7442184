package io.liiklus.storage.kafka.positions;

import static io.liiklus.storage.kafka.positions.PositionsFixture.GROUP;
import static io.liiklus.storage.kafka.positions.PositionsFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A positions topic that an operator deletes while gateways run. */
class PositionsTopicLostIT {

  private static final PositionId ID = new PositionId("records", GROUP, 0);

  private final KafkaCluster cluster = SharedKafka.cluster();
  private final String topic = "positions-" + UUID.randomUUID();
  private final MapSettings settings = PositionsFixture.settings(cluster.bootstrapServers(), topic);

  @Test
  void deletedTopic_failsEveryCall() {
    try (var open = stored()) {
      cluster.deleteTopic(topic);

      open.awaitDown();
      requireAllFail(open.storage(), "the positions topic " + topic + " was deleted, with all");
    }
  }

  @Test
  void topicMadeAnew_failsEveryCallAndIsNeverTakenForNoPosition() {
    try (var open = stored();
        var other = PositionsFixture.open(settings).untilReady()) {
      cluster.deleteTopic(topic);
      cluster.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
      // By one that was started since, further than the old one had come.
      try (var later = PositionsFixture.open(settings).untilReady()) {
        for (int partition = 0; partition < 20; partition++) {
          later.store("others", partition, 1);
        }

        for (var each : List.of(open, other)) {
          each.awaitDown();
          requireAllFail(each.storage(), "the positions topic " + topic + " was deleted");
        }
        assertThat(later.find("others")).hasSize(20);
      }
    }
  }

  @Test
  void topicThatIsGivenPartitions_failsEveryCall() {
    try (var open = stored()) {
      cluster.addPartitions(topic, 3);

      open.awaitDown();
      requireAllFail(open.storage(), "the positions topic " + topic + " was given 3 partitions, ");
    }
    try (var again = PositionsFixture.open(settings)) {
      again.awaitDown();
      await()
          .atMost(PositionsFixture.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(failure(again.storage().check()))
                      .hasMessageContaining("has 3 partitions"));
    }
    // To get them out.
    try (var reader = PositionsFixture.openToRead(settings).untilReady()) {
      assertThat(reader.find("records")).isEqualTo(Map.of(0, 4L));
    }
  }

  @Test
  void recordsInAnotherPartition_areNoTopicToReadFrom() throws Exception {
    try (var open = stored()) {
      cluster.addPartitions(topic, 2);
      open.awaitDown();
    }
    var key = PositionRecord.key(ID);
    var bytes = new ByteArraySerializer();
    Map<String, Object> config = Map.of("bootstrap.servers", cluster.bootstrapServers());
    try (var producer = new KafkaProducer<>(config, bytes, bytes)) {
      var unused = producer.send(new ProducerRecord<>(topic, 1, key, key)).get();
    }
    try (var reader = PositionsFixture.openToRead(settings)) {
      await()
          .atMost(PositionsFixture.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(failure(reader.storage().findAll()))
                      .hasMessageContaining("has 2 partitions"));
    }
  }

  @Test
  void restart_takesTheTopicAsItIs() {
    try (var open = stored()) {
      cluster.deleteTopic(topic);
      open.awaitDown();
    }
    try (var again = PositionsFixture.open(settings).untilReady()) {
      assertThat(again.find("records")).isEmpty();
      again.store("records", 0, 7);
      assertThat(again.find("records")).isEqualTo(Map.of(0, 7L));
    }
  }

  private PositionsFixture stored() {
    var open = PositionsFixture.open(settings).untilReady();
    for (int offset = 0; offset < 5; offset++) {
      open.store("records", 0, offset);
    }
    return open;
  }

  private static void requireAllFail(PositionsStorage storage, String text) {
    List<CompletionStage<?>> calls =
        List.of(
            storage.check(),
            storage.find("records", GROUP),
            storage.findVersions("records", GROUP.name()),
            storage.findAll(),
            storage.store(ID, 6));
    for (var call : calls) {
      assertThat(failure(call)).hasMessageStartingWith(text);
      assertThat(failure(call).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }
}
