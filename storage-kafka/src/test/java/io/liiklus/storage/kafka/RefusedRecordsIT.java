package io.liiklus.storage.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.Header;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Records that are never stored, and what is said of them. */
class RefusedRecordsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_REQUEST_SIZE = 1024 * 1024;

  /** A batch (61 bytes), a record (21), the lengths of key and value (1 and 3), no header (1). */
  private static final int OVERHEAD = 61 + 21 + 1 + 3 + 1;

  private static final byte[] KEY = "k".getBytes(UTF_8);

  private final String topic = "topic-" + UUID.randomUUID();

  @Test
  void recordOverTheLargestRequest_isRefusedWithTheSettingThatSaysSo() throws Exception {
    // So that the broker is not the one that refuses.
    SharedKafka.cluster()
        .createTopic(topic, 1, Map.of("max.message.bytes", "" + 2 * MAX_REQUEST_SIZE));
    try (var storage = KafkaTestStorage.open(Map.of())) {
      int largest = MAX_REQUEST_SIZE - OVERHEAD - KEY.length;
      var stored = publish(storage, topic, new byte[largest], List.of());
      assertThat(stored.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).offset())
          .isZero();

      for (int size : new int[] {largest + 1, MAX_REQUEST_SIZE, MAX_REQUEST_SIZE + 1}) {
        assertTooLarge(publish(storage, topic, new byte[size], List.of()));
      }
      // Two lengths of one byte each beside 12 bytes.
      var headers = Collections.nCopies(80_000, new Header("header", "123456".getBytes(UTF_8)));
      assertTooLarge(publish(storage, topic, new byte[0], headers));
    }
  }

  @Test
  void topicOfKafkasOwn_isRefusedByItsName() throws Exception {
    var own = "__consumer_offsets";
    SharedKafka.cluster().createTopic(topic, 1);
    try (var storage = KafkaTestStorage.open(Map.of())) {
      // The first group makes it.
      var listener = new RecordingListener();
      var unused =
          storage.subscribe(
              new SubscriptionRequest(topic, "group-" + topic, AutoOffsetReset.EARLIEST), listener);
      await().atMost(PATIENCE).until(() -> !listener.held().isEmpty());

      var refused = failureOf(publish(storage, own, new byte[0], List.of()));

      assertThat(refused)
          .hasMessage("topic: %s is one of Kafka's own topics, to which only Kafka publishes", own);
      assertThat(refused.kind()).isEqualTo(Kind.BAD_RECORD);
      assertThat(refused.isNotStored()).isTrue();
    }
  }

  @Test
  void positionsTopic_takesNoRecordOfAClient() throws Exception {
    SharedKafka.cluster().createTopic(topic, 1);
    try (var storage = KafkaTestStorage.open(Map.of("positions.topic", topic))) {
      var refused = failureOf(publish(storage, topic, null, List.of()));

      assertThat(refused).hasMessageStartingWith("topic: %s holds the positions", topic);
      assertThat(refused.kind()).isEqualTo(Kind.BAD_RECORD);
      assertThat(refused.isNotStored()).isTrue();
    }
  }

  private static void assertTooLarge(CompletionStage<?> publish) throws Exception {
    var refused = failureOf(publish);
    assertThat(refused)
        .hasMessageMatching(
            "the record has \\d+ bytes with Kafka's own fields, and"
                + " kafka.properties.max.request.size is "
                + MAX_REQUEST_SIZE);
    assertThat(refused.kind()).isEqualTo(Kind.BAD_RECORD);
    assertThat(refused.isNotStored()).isTrue();
  }

  private static CompletionStage<PublishedRecord> publish(
      RecordsStorage storage, String topic, byte[] value, List<Header> headers) {
    return storage.publish(new RecordToPublish(topic, KEY, value, headers), PATIENCE);
  }

  private static StorageException failureOf(CompletionStage<?> publish) throws Exception {
    return StorageException.of(
        publish
            .handle((stored, failure) -> failure)
            .toCompletableFuture()
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }
}
