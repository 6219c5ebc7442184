package io.liiklus.storage.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** A gateway that is there before its user is. */
class RefusedLoginIT {

  /** Less than what a publish that is never sent waits for. */
  private static final Duration BOUND = Duration.ofSeconds(15);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaCluster cluster = SharedKafka.cluster();
  private final String topic = "topic-" + UUID.randomUUID();
  private final ScramUser user = ScramUser.of(cluster);

  @Test
  void producer_publishesOnceItsLoginPasses() throws Exception {
    cluster.createTopic(topic, 1);
    try (var storage = KafkaTestStorage.open(user.settings())) {
      assertThat(publishFailure(storage)).contains(Kind.REFUSED);

      user.set(ScramUser.PASSWORD);

      await().atMost(BOUND).until(() -> publishFailure(storage).isEmpty());
    }
  }

  /** Fails once Kafka has mended KAFKA-20237: {@code RecoveringProducer} can go then. */
  @Test
  void producerOfKafkaAlone_sendsNothingOnceItsFirstLoginWasRefused() throws Exception {
    cluster.createTopic(topic, 1);
    var settings =
        user.settings()
            .with("properties.request.timeout.ms", "1000")
            .with("properties.delivery.timeout.ms", "3000");
    var config = KafkaSettings.read(settings).clients().producer();
    config.put("max.block.ms", 2_000);
    var record = new ProducerRecord<byte[], byte[]>(topic, "value".getBytes(UTF_8));
    try (var producer = new KafkaProducer<byte[], byte[]>(config)) {
      assertThatThrownBy(() -> producer.send(record).get())
          .hasCauseInstanceOf(AuthenticationException.class);

      user.set(ScramUser.PASSWORD);

      await().atMost(BOUND).until(() -> isKnown(producer));
      assertThat(producer.send(record))
          .failsWithin(BOUND)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(TimeoutException.class);
    }
  }

  private boolean isKnown(KafkaProducer<byte[], byte[]> producer) {
    try {
      return !producer.partitionsFor(topic).isEmpty();
    } catch (KafkaException notYet) {
      return false;
    }
  }

  private Optional<Kind> publishFailure(RecordsStorage storage) {
    var record = new RecordToPublish(topic, null, "value".getBytes(UTF_8), List.of());
    return storage
        .publish(record, PATIENCE)
        .handle(
            (stored, failure) ->
                Optional.ofNullable(failure).map(StorageException::of).map(StorageException::kind))
        .toCompletableFuture()
        .orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
