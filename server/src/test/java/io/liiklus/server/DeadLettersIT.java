package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.ConsumeNack;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.NackAction;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.RetryPolicy;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.testing.SharedKafka;
import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters that Kafka does not take at once. */
class DeadLettersIT {

  private static final String GROUP = "group";

  /** Of which the producer has room for three. */
  private static final int VALUE_BYTES = 20_000;

  private static Gateway gateway;
  private static GatewayClient client;

  private final String topic = "topic-" + UUID.randomUUID();
  private final String dead = "dead-" + topic;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
            "--storage.positions.type=MEMORY",
            "--kafka.properties.batch.size=" + VALUE_BYTES,
            "--kafka.properties.buffer.memory=" + (3 * VALUE_BYTES + VALUE_BYTES / 2));
    client = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  @BeforeEach
  void createTopic() {
    SharedKafka.cluster().createTopic(topic, 1);
  }

  @Test
  void missingTopic_isTriedAgainUntilItIsThere() {
    publish(2, 10);
    try (var log = new LogWatch();
        var stream = consume()) {
      stream.take(2);
      giveUp(stream, 0);
      // Acked, and behind one that is not stored yet.
      stream.ack(0, 1L);
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(() -> count("liiklus_dead_letter_failures_total") >= 2);
      assertThat(count("liiklus_dead_letters_total")).isZero();
      assertThat(client.offsets(topic, GROUP, 0)).isEmpty();

      SharedKafka.cluster().createTopic(dead, 1);

      stream.awaitAcked(0, 1);
      assertThat(count("liiklus_dead_letters_total")).isEqualTo(1);
      assertThat(client.endOffsets(dead)).containsEntry(0, 0L);
      assertThat(log.take())
          .singleElement()
          .asString()
          .contains("dead letters cannot be stored, trying on, topic=" + topic)
          .contains("deadLetterTopic=" + dead);
    }
  }

  @Test
  void fullProducer_isWaitedForAndIsNoFailure() {
    int records = 40;
    SharedKafka.cluster().createTopic(dead, 1);
    publish(records, VALUE_BYTES - 1_000);
    // So that the producer knows the topic: records for one that it looks up wait elsewhere.
    client.publish(dead, "key", "first");
    try (var log = new LogWatch();
        var stream = consume()) {
      stream.take(records);

      giveUp(stream, LongStream.range(0, records).toArray());

      stream.awaitAcked(0, records - 1);
      assertThat(count("liiklus_dead_letters_total")).isEqualTo(records);
      assertThat(count("liiklus_dead_letter_failures_total")).isZero();
      assertThat(client.endOffsets(dead)).containsEntry(0, (long) records);
      log.requireQuiet();
    }
  }

  private ConsumeStream consume() {
    return ConsumeStream.open(
        client.channel(),
        ConsumeStart.newBuilder()
            .setTopic(topic)
            .setGroup(GROUP)
            .setRetry(RetryPolicy.newBuilder().setDeadLetterTopic(dead))
            .build());
  }

  private static void giveUp(ConsumeStream stream, long... offsets) {
    var nack = ConsumeNack.newBuilder().setAction(NackAction.DEAD_LETTER);
    LongStream.of(offsets).forEach(nack::addOffsets);
    stream.nack(nack.build());
  }

  private void publish(int count, int bytes) {
    var requests = new ArrayList<PublishRequest>();
    for (int i = 0; i < count; i++) {
      requests.add(
          PublishRequest.newBuilder().setTopic(topic).setValue(bytes("x".repeat(bytes))).build());
    }
    assertThat(client.publishBatch(requests)).allMatch(result -> result.hasReply());
  }

  private double count(String metric) {
    var start =
        metric + "{groupName=\"" + GROUP + "\",groupVersion=\"0\",topic=\"" + topic + "\"} ";
    return gateway
        .metrics()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .sum();
  }
}
