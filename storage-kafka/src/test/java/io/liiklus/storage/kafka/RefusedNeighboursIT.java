package io.liiklus.storage.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Records that a broker refuses, and those that share a batch with them. */
class RefusedNeighboursIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** So long that what is published in a row is one batch. */
  private static final Map<String, String> ONE_BATCH = Map.of("properties.linger.ms", "200");

  private final String topic = "topic-" + UUID.randomUUID();

  @Test
  void compactedTopic_refusesOnlyRecordsWithoutKey() throws Exception {
    SharedKafka.cluster().createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
    try (var storage = KafkaTestStorage.open(ONE_BATCH)) {
      var a = publish(storage, "a", "1");
      var keyless = publish(storage, null, "2");
      var b = publish(storage, "b", "3");

      assertRefused(keyless, "cleanup.policy");
      assertThat(offset(a)).isZero();
      assertThat(offset(b)).isEqualTo(1);
    }
  }

  @Test
  void neighboursOfRefusedRecord_areSentAgainInOrder() throws Exception {
    try (var storage = KafkaTestStorage.open(ONE_BATCH)) {
      becomesCompacted(storage);

      var a = publish(storage, "a", "1");
      var keyless = publish(storage, null, "2");
      var b = publish(storage, "b", "3");
      var again = publish(storage, "a", "4");

      assertRefused(keyless, "");
      assertThat(List.of(offset(a), offset(b), offset(again))).containsExactly(1L, 2L, 3L);
      assertThat(values()).containsExactly("first", "1", "3", "4");
    }
  }

  @Test
  void recordsBehindRefusedBatch_areNeitherOvertakenNorRepeated() throws Exception {
    try (var storage = KafkaTestStorage.open(Map.of("waitingPublishes", "64 MiB"))) {
      becomesCompacted(storage);
      var answers = new HashMap<String, CompletableFuture<PublishedRecord>>();
      for (int i = 0; i < 5_000; i++) {
        answers.put("a" + i, publish(storage, "a", "a" + i));
        answers.put("b" + i, publish(storage, "b", "b" + i));
        if (i % 100 == 50) {
          var unused = publish(storage, null, "refused");
        }
      }

      var expected = new ArrayList<String>();
      for (var answer : answers.entrySet()) {
        if (isStored(answer.getValue())) {
          expected.add(answer.getKey());
        }
      }

      var stored = values();
      stored.remove("first");
      assertThat(stored).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(numbers(stored, "a")).isSorted();
      assertThat(numbers(stored, "b")).isSorted();
      assertThat(expected.size()).as("stored of 10,000").isGreaterThan(5_000);
    }
  }

  @Test
  void answersThatMeanNotStored_areReportedAsSuch() throws Exception {
    SharedKafka.cluster().createTopic(topic, 1, Map.of("message.timestamp.before.max.ms", "0"));
    var small = "small-" + topic;
    SharedKafka.cluster().createTopic(small, 1, Map.of("max.message.bytes", "1000"));
    // A record is then older than the topic allows when it is sent.
    try (var storage = KafkaTestStorage.open(ONE_BATCH)) {
      assertRefused(publish(storage, "key", "value"), "imestamp");
      assertRefused(publish(storage, small, "key", "x".repeat(5_000)), "");
    }
    assertThat(values()).isEmpty();
  }

  /** Of a topic whose policy is asked for by the first record, and is another one after it. */
  private void becomesCompacted(RecordsStorage storage) throws Exception {
    SharedKafka.cluster().createTopic(topic, 1);
    assertThat(offset(publish(storage, "first", "first"))).isZero();
    var compact =
        new AlterConfigOp(new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET);
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(resource, List.of(compact));
    SharedKafka.cluster().admin().incrementalAlterConfigs(change).all().get(20, TimeUnit.SECONDS);
  }

  private CompletableFuture<PublishedRecord> publish(
      RecordsStorage storage, String key, String value) {
    return publish(storage, topic, key, value);
  }

  private static CompletableFuture<PublishedRecord> publish(
      RecordsStorage storage, String to, String key, String value) {
    var record =
        new RecordToPublish(
            to, key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8), List.of());
    return storage.publish(record, PATIENCE).toCompletableFuture();
  }

  private static long offset(CompletableFuture<PublishedRecord> answer) throws Exception {
    return answer.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS).offset();
  }

  /** Whether it was stored; else it is told that it surely was not. */
  private static boolean isStored(CompletableFuture<PublishedRecord> answer) throws Exception {
    try {
      return offset(answer) > 0;
    } catch (ExecutionException failed) {
      var failure = StorageException.of(failed.getCause());
      assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure.isNotStored()).as("%s", failure).isTrue();
      return false;
    }
  }

  private static void assertRefused(CompletableFuture<PublishedRecord> answer, String text) {
    assertThat(answer)
        .failsWithin(PATIENCE)
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .isInstanceOfSatisfying(
            StorageException.class,
            failure -> {
              assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.BAD_RECORD);
              assertThat(failure.isNotStored()).as("%s", failure).isTrue();
            })
        .withMessageContaining(text);
  }

  private static List<Integer> numbers(List<String> values, String key) {
    return values.stream()
        .filter(value -> value.startsWith(key))
        .map(value -> Integer.parseInt(value.substring(key.length())))
        .toList();
  }

  /** All that stands in the topic's only partition. */
  private List<String> values() {
    Map<String, Object> config =
        Map.of("bootstrap.servers", SharedKafka.cluster().bootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      var values = new ArrayList<String>();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }
}
