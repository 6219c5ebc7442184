package io.liiklus.storage.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Publishing to topics that the producer does not know yet, and to brokers that are away. */
class KafkaPublisherIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Longer than a producer remembers a topic (metadata.max.idle.ms, 5 s). */
  private static final Duration IDLE = Duration.ofSeconds(7);

  /** In which the producer asks several times. */
  private static final Duration LOOKS = Duration.ofSeconds(4);

  private final String topic = "topic-" + UUID.randomUUID();

  @Test
  void recordsWaitingForTheirTopic_keepTheirOrder() throws Exception {
    SharedKafka.cluster().createTopic(topic, 1);
    try (var storage = KafkaTestStorage.open(Map.of())) {
      var answers = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < 1_000; i++) {
        answers.add(storage.publish(record("value-" + i), PATIENCE));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(get(answers.get(i)).offset()).isEqualTo(i);
      }
    }
  }

  @Test
  void burstIntoANewTopic_isStored() throws Exception {
    SharedKafka.cluster().createTopic(topic, 16);
    try (var storage = KafkaTestStorage.open(Map.of("waitingPublishes", "64 MiB"))) {
      var answers = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < 1_600; i++) {
        var key = ("key-" + i).getBytes(UTF_8);
        var record = new RecordToPublish(topic, key, new byte[20_000], List.of());
        answers.add(storage.publish(record, PATIENCE));
      }
      for (var answer : answers) {
        assertThat(get(answer).topic()).isEqualTo(topic);
      }
    }
  }

  @Test
  void brokerThatCreatesTopics_getsTheTimeForIt() throws Exception {
    try (var cluster =
            KafkaCluster.start(
                1, Map.of("auto.create.topics.enable", "true", "num.partitions", "1"));
        var storage =
            KafkaTestStorage.open(KafkaTestStorage.settings(cluster.bootstrapServers()))) {
      assertThat(get(storage.publish(record("first"), PATIENCE)).offset()).isZero();
      assertThat(get(storage.publish(record("second"), PATIENCE)).offset()).isEqualTo(1);
      // To ask for offsets creates nothing, not even here.
      assertThat(storage.endOffsets("other-" + topic).toCompletableFuture().get()).isEmpty();
      assertThat(cluster.admin().listTopics().names().get()).doesNotContain("other-" + topic);
    }
  }

  @Test
  void deletedTopic_staysDeletedWhileNothingIsPublishedToIt() throws Exception {
    try (var cluster = KafkaCluster.start(1, Map.of("auto.create.topics.enable", "true"))) {
      // Asks for all topics that it knows, many times within the test.
      var settings =
          KafkaTestStorage.settings(cluster.bootstrapServers())
              .with("properties.metadata.max.age.ms", "500");
      try (var storage = KafkaTestStorage.open(settings)) {
        assertThat(get(storage.publish(record("first"), PATIENCE)).offset()).isZero();
        await("the topic is idle").pollDelay(IDLE).until(() -> true);

        cluster.deleteTopic(topic);

        await("the topic stays deleted")
            .during(LOOKS)
            .atMost(LOOKS.plus(PATIENCE))
            .until(() -> !cluster.admin().listTopics().names().get().contains(topic));
        assertThat(get(storage.publish(record("second"), PATIENCE)).offset()).isZero();
      }
    }
  }

  @Test
  void recordsForAwayBrokers_areBoundedAndSentWhenTheyAreBack() throws Exception {
    SharedKafka.cluster().createTopic(topic, 1);
    var port = SharedKafka.cluster().bootstrapServers().split(":")[1];
    try (var relay = TcpRelay.start("127.0.0.1", Integer.parseInt(port))) {
      relay.cut();
      var settings =
          KafkaTestStorage.settings("127.0.0.1:" + relay.port()).with("waitingPublishes", "64 KiB");
      try (var storage = KafkaTestStorage.open(settings)) {
        var large = "x".repeat(50_000);
        var waiting = storage.publish(record(large), PATIENCE);
        var refused = storage.publish(record(large), PATIENCE);
        var impatient = storage.publish(record("small"), Duration.ofMillis(100));

        assertThat(kindOf(refused)).isEqualTo(Kind.FULL);
        assertThat(kindOf(impatient)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(waiting.toCompletableFuture()).isNotDone();

        relay.restore();

        assertThat(get(waiting).offset()).isZero();
      }
    }
  }

  @Test
  void close_failsWaitingRecords() throws Exception {
    CompletionStage<PublishedRecord> waiting;
    try (var relay = TcpRelay.start("127.0.0.1", 1)) {
      RecordsStorage storage =
          KafkaTestStorage.open(KafkaTestStorage.settings("127.0.0.1:" + relay.port()));
      try (storage) {
        waiting = storage.publish(record("value"), PATIENCE);
      }
    }
    assertThat(kindOf(waiting)).isEqualTo(Kind.CLOSED);
  }

  @Test
  void close_failsRecordsThatTheProducerCannotSend() throws Exception {
    CompletionStage<PublishedRecord> held;
    try (var cluster = KafkaCluster.start(1)) {
      cluster.createTopic(topic, 1);
      var settings = KafkaTestStorage.settings(cluster.bootstrapServers());
      RecordsStorage storage = KafkaTestStorage.open(settings.with("closeTimeout", "500ms"));
      try (storage) {
        assertThat(get(storage.publish(record("first"), PATIENCE)).offset()).isZero();
        cluster.pause(1);
        held = storage.publish(record("second"), PATIENCE);
      }
      cluster.resume(1);
    }
    assertThat(kindOf(held)).isEqualTo(Kind.CLOSED);
  }

  private RecordToPublish record(String value) {
    return new RecordToPublish(topic, "key".getBytes(UTF_8), value.getBytes(UTF_8), List.of());
  }

  private static PublishedRecord get(CompletionStage<PublishedRecord> answer) throws Exception {
    return answer.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static Kind kindOf(CompletionStage<PublishedRecord> answer) throws Exception {
    return StorageException.of(
            answer
                .handle((stored, failure) -> failure)
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .kind();
  }
}
