package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.ConsumeNack;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.NackAction;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.RetryOrder;
import com.github.bsideup.liiklus.protocol.RetryPolicy;
import com.google.protobuf.Duration;
import io.liiklus.server.gateway.ConsumeStream.Delivered;
import io.liiklus.server.gateway.GatewayClient;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a Consume promises of records that could not be processed. */
abstract class ConsumeRetryContract extends ConsumeFixture {

  @Test
  void nackedRecord_comesAgainWithItsAttempt() {
    int partition = publish(3);
    try (var stream = consume(begin())) {
      stream.take(3);
      stream.retry(partition, 0, 1L);
      assertThat(stream.take(1)).containsExactly(record(partition, 1, 2));
      stream.retry(partition, 10, 1L);
      assertThat(stream.take(1)).containsExactly(record(partition, 1, 3));
      stream.ackUpTo(partition, 2);
      stream.awaitAcked(partition, 2);
    }
  }

  @Test
  void ack_beatsAPendingRetry() {
    int partition = publish(2);
    try (var stream = consume(begin())) {
      stream.take(2);
      stream.retry(partition, 3_600_000, 0L);
      stream.ack(partition, 0L, 1L);
      stream.awaitAcked(partition, 1);
    }
  }

  @Test
  void orderOfThePartition_takesBackWhatIsBehind() {
    int partition = publish(4);
    try (var stream = consume(begin().setRetry(retry(RetryOrder.PARTITION)))) {
      stream.take(4);
      stream.ack(partition, 2L);
      stream.retry(partition, 0, 1L);
      assertThat(stream.take(2)).containsExactly(record(partition, 1, 2), record(partition, 3, 1));
    }
  }

  @Test
  void orderOfTheKey_takesBackThoseOfItsKey() {
    int partition = client.publish(topic, "a", "0").getPartition();
    String other = keyOf(partition, "a");
    client.publish(topic, "a", "2");
    client.publish(topic, other, "3");
    try (var stream = consume(begin().setRetry(retry(RetryOrder.KEY)))) {
      var all = stream.take(4);
      var first = all.get(0);
      assertThat(first.key()).isEqualTo("a");
      stream.retry(partition, 0, first.offset());
      var again = stream.take(2);
      assertThat(again).extracting(Delivered::key).containsOnly("a");
      assertThat(again).extracting(Delivered::attempt).containsExactly(2, 1);
    }
  }

  @Test
  void usedUpAttempts_makeADeadLetter() {
    var dead = newTopic();
    int partition = publish(2);
    var policy = retry(RetryOrder.NONE).toBuilder().setMaxAttempts(2).setDeadLetterTopic(dead);
    try (var stream = consume(begin().setRetry(policy))) {
      stream.take(2);
      stream.retry(partition, 0, 0L);
      stream.take(1);
      stream.nack(
          ConsumeNack.newBuilder()
              .setPartition(partition)
              .addOffsets(0)
              .setReason("of no use")
              .build());
      stream.awaitAcked(partition, 0);

      var letter = onlyRecord(dead);
      assertThat(letter.getKey().toStringUtf8()).isEqualTo("key");
      assertThat(letter.getValue().toStringUtf8()).isEqualTo("0");
      var headers = headers(letter);
      assertThat(headers)
          .containsEntry("liiklus-dead-letter-topic", topic)
          .containsEntry("liiklus-dead-letter-partition", Integer.toString(partition))
          .containsEntry("liiklus-dead-letter-offset", "0")
          .containsEntry("liiklus-dead-letter-group", GROUP)
          .containsEntry("liiklus-dead-letter-attempts", "2")
          .containsEntry("liiklus-dead-letter-reason", "of no use")
          .containsKey("liiklus-dead-letter-timestamp");
    }
  }

  @Test
  void deadLetterNack_keepsHeadersAndReplacesItsOwn() {
    var dead = newTopic();
    var other = newTopic();
    int partition = publish(1);
    try (var stream = consume(begin().setRetry(deadLetters(dead)))) {
      stream.take(1);
      stream.nack(nack(partition, NackAction.DEAD_LETTER, "x".repeat(2_000)));
      stream.awaitAcked(partition, 0);
    }
    assertThat(headers(onlyRecord(dead)).get("liiklus-dead-letter-reason")).hasSize(1_024);
    var again = begin().setTopic(dead).setRetry(deadLetters(other));
    try (var stream = consume(again)) {
      var first = stream.take(1).get(0);
      stream.nack(nack(first.partition(), NackAction.DEAD_LETTER, "again"));
      stream.awaitAcked(first.partition(), 0);
    }
    var letter = onlyRecord(other);
    assertThat(letter.getHeadersList()).hasSize(7);
    assertThat(headers(letter)).containsEntry("liiklus-dead-letter-topic", dead);
  }

  @Test
  void skippedRecord_countsAsAcked() {
    int partition = publish(2);
    try (var stream = consume(begin())) {
      stream.take(2);
      stream.nack(nack(partition, NackAction.SKIP, ""));
      stream.awaitAcked(partition, 0);
    }
  }

  private static RetryPolicy retry(RetryOrder order) {
    return RetryPolicy.newBuilder()
        .setOrder(order)
        .setMinBackoff(Duration.newBuilder().setNanos(1_000_000))
        .build();
  }

  private static RetryPolicy deadLetters(String topic) {
    return RetryPolicy.newBuilder().setDeadLetterTopic(topic).build();
  }

  private static ConsumeNack nack(int partition, NackAction action, String reason) {
    return ConsumeNack.newBuilder()
        .setPartition(partition)
        .addOffsets(0)
        .setAction(action)
        .setReason(reason)
        .build();
  }

  private static Delivered record(int partition, long offset, int attempt) {
    return new Delivered(partition, offset, "key", Long.toString(offset), attempt, false);
  }

  /** Publishes a record of another key to the same partition, and returns the key. */
  private String keyOf(int partition, String but) {
    for (int i = 0; ; i++) {
      var key = "key-" + i;
      if (!key.equals(but) && partitionOf(key) == partition) {
        client.publish(topic, key, "1");
        return key;
      }
    }
  }

  private ReceiveReply.Record onlyRecord(String of) {
    await()
        .atMost(GatewayClient.PATIENCE)
        .until(() -> client.endOffsets(of).values().stream().anyMatch(end -> end >= 0));
    try (var stream = consume(begin().setTopic(of).setGroup("reader"))) {
      return stream.next(ConsumeReply::hasRecords).getRecords().getRecords().getRecords(0);
    }
  }

  private static Map<String, String> headers(ReceiveReply.Record record) {
    var headers = new TreeMap<String, String>();
    record
        .getHeadersList()
        .forEach(header -> headers.put(header.getKey(), header.getValue().toStringUtf8()));
    return headers;
  }
}
