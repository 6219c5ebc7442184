package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.storage.kafka.KafkaTestStorage;
import io.liiklus.testing.SharedKafka;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;

/** Kafka's consumer calls the assignor when it begins to join, which is what members wake for. */
class JoinNotifyingAssignorIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String topic = "topic-" + UUID.randomUUID();
  private final KafkaClientConfigs clients =
      KafkaSettings.read(KafkaTestStorage.settings(SharedKafka.cluster().bootstrapServers()))
          .clients();

  @Test
  void join_isNoticedBeforeItIsOver() {
    SharedKafka.cluster().createTopic(topic, 2);
    var firstJoins = new AtomicInteger();
    try (var first = consumer(firstJoins)) {
      await().atMost(PATIENCE).until(() -> pollUntilJoined(first, 2, firstJoins, 1));

      // A rebalance is a join of all its members.
      try (var second = consumer(new AtomicInteger())) {
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  var unused = second.poll(Duration.ZERO);
                  return pollUntilJoined(first, 1, firstJoins, 2);
                });
      }
    }
  }

  /** Once it has so many partitions, it has noticed at least as many joins. */
  private static boolean pollUntilJoined(
      KafkaConsumer<ByteBuffer, ByteBuffer> consumer,
      int partitions,
      AtomicInteger joins,
      int least) {
    var unused = consumer.poll(Duration.ofMillis(10));
    boolean isJoined = consumer.assignment().size() == partitions;
    if (isJoined) {
      assertThat(joins.get()).isGreaterThanOrEqualTo(least);
    }
    return isJoined;
  }

  private KafkaConsumer<ByteBuffer, ByteBuffer> consumer(AtomicInteger joins) {
    var config = clients.member("group-" + topic, "client", joins::incrementAndGet);
    // Nothing seeks here.
    config.put("auto.offset.reset", "latest");
    var consumer = new KafkaConsumer<ByteBuffer, ByteBuffer>(config);
    consumer.subscribe(List.of(topic));
    return consumer;
  }
}
