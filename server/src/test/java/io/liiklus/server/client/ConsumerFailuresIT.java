package io.liiklus.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.NackAction;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.client.LiiklusClient;
import io.liiklus.client.ReceivedRecord;
import io.liiklus.client.RetryPolicy;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer of the client library where handlers, connections or members come and go. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
@SuppressWarnings("try") // A consumer acts as long as it is open.
class ConsumerFailuresIT extends ConsumerFixture {

  private static final RetryPolicy QUICK =
      RetryPolicy.ENDLESS.withBackoff(Duration.ofMillis(1), Duration.ofMillis(10));

  @Test
  void recordThatFails_comesAgainBeforeThoseBehindIt() {
    publish(0, 100);
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .retry(QUICK)
            .handle(
                record -> {
                  if (record.attempt() < 3 && record.value().toStringUtf8().endsWith("7")) {
                    throw new IllegalStateException("not yet");
                  }
                  handled.add(record);
                })) {
      awaitHandled(100);
      awaitAcked();
    }
    requireInOrder(100);
    assertThat(handled)
        .filteredOn(record -> record.value().toStringUtf8().endsWith("7"))
        .extracting(ReceivedRecord::attempt)
        .containsOnly(3);
  }

  @Test
  void recordThatFailsWithoutOrder_holdsUpNoOther() {
    publish(0, 100);
    var firstOfAll = new ConcurrentHashMap<Integer, Long>();
    var isOpen = new AtomicBoolean();
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .retry(QUICK.withoutOrder())
            .handle(
                record -> {
                  long first = firstOfAll.computeIfAbsent(record.partition(), p -> record.offset());
                  if (record.offset() == first && !isOpen.get()) {
                    throw new IllegalStateException("not before all others");
                  }
                  handled.add(record);
                })) {
      awaitHandled(100 - plain.endOffsets(topic).size());
      isOpen.set(true);
      awaitHandled(100);
      awaitAcked();
    }
    assertThat(handled).hasSize(100);
    assertThat(handled)
        .filteredOn(record -> record.attempt() > 1)
        .hasSize(firstOfAll.size())
        .allMatch(record -> record.offset() == firstOfAll.get(record.partition()));
  }

  @Test
  void recordOfAKeyThatFails_holdsUpItsKeyAlone() {
    publish(0, 200);
    var isOpen = new AtomicBoolean();
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .byKey()
            .parallelism(8)
            .retry(QUICK)
            .handle(
                record -> {
                  if (record.key().toStringUtf8().equals("key-7") && !isOpen.get()) {
                    throw new IllegalStateException("not yet");
                  }
                  handled.add(record);
                })) {
      // Of ten keys some are in the lane of this one, and some are not.
      awaitHandled(20);
      assertThat(handled).noneMatch(record -> record.key().toStringUtf8().equals("key-7"));
      isOpen.set(true);
      awaitHandled(200);
      awaitAcked();
    }
    requireInOrder(200);
  }

  @Test
  void decision_skipsOrGivesUpAtTheFirstAttempt() {
    publish(0, 100);
    var dead = topic + "-dead";
    var attempts = new ConcurrentLinkedQueue<Integer>();
    var policy =
        QUICK
            .withDeadLetters(0, dead)
            .deciding(
                (record, failure) ->
                    switch (failure.getMessage()) {
                      case "skip" -> NackAction.SKIP;
                      case "give up" -> NackAction.DEAD_LETTER;
                      default -> throw new IllegalStateException("undecided: comes again");
                    });
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .retry(policy)
            .handle(
                record -> {
                  switch (record.value().toStringUtf8()) {
                    case "11" -> throw new IllegalStateException("skip");
                    case "22" -> throw new IllegalStateException("give up");
                    case "33" -> {
                      attempts.add(record.attempt());
                      if (record.attempt() < 3) {
                        throw new IllegalStateException("other");
                      }
                    }
                    default -> {}
                  }
                  handled.add(record);
                })) {
      awaitHandled(98);
      awaitAcked();
    }
    requireInOrder(98);
    assertThat(attempts).containsExactly(1, 2, 3);
    try (var letters = client.consumer(dead, GROUP).handle(handled::add)) {
      awaitHandled(99);
    }
    assertThat(handled)
        .last()
        .satisfies(
            letter -> {
              assertThat(letter.value().toStringUtf8()).isEqualTo("22");
              assertThat(headers(letter)).containsEntry("liiklus-dead-letter-attempts", "1");
            });
  }

  @Test
  void batchThatFails_comesAgainRecordByRecord() {
    publish(0, 100);
    var dead = topic + "-dead";
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .retry(QUICK.withDeadLetters(1, dead))
            .handleBatches(
                batch -> {
                  if (batch.stream()
                      .anyMatch(record -> record.value().toStringUtf8().equals("42"))) {
                    throw new IllegalStateException("poison");
                  }
                  handled.addAll(batch);
                })) {
      awaitHandled(99);
      awaitAcked();
    }
    requireInOrder(99);
    assertThat(plain.endOffsets(dead).values().stream().mapToLong(end -> end + 1).sum())
        .isEqualTo(1);
  }

  @Test
  void recordThatIsGivenUp_goesToTheDeadLetterTopic() {
    var dead = topic + "-dead";
    var event = LiiklusEvent.newBuilder().setId("id").setType("type").setSource("source").build();
    var raw =
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setKey(ByteString.copyFromUtf8("key"))
            .setValue(ByteString.copyFromUtf8("value"))
            .addHeaders(Header.newBuilder().setKey("h").setValue(ByteString.copyFromUtf8("1")))
            .build();
    long offset = client.publisher().publish(raw).join().getOffset();
    client.publisher().publish(raw.toBuilder().clearValue().setLiiklusEvent(event).build()).join();
    try (var consumer =
            client
                .consumer(topic, GROUP)
                .retry(QUICK.withDeadLetters(2, dead))
                .handle(
                    record -> {
                      throw new IllegalStateException("poison");
                    });
        var letters = client.consumer(dead, GROUP).handle(handled::add)) {
      awaitHandled(2);
      awaitAcked();
    }
    var letter = handled.remove();
    assertThat(letter.key().toStringUtf8()).isEqualTo("key");
    assertThat(letter.value().toStringUtf8()).isEqualTo("value");
    assertThat(headers(letter))
        .containsEntry("h", "1")
        .containsEntry("liiklus-dead-letter-topic", topic)
        .containsEntry("liiklus-dead-letter-offset", "" + offset)
        .containsEntry("liiklus-dead-letter-group", GROUP)
        .containsEntry("liiklus-dead-letter-attempts", "2")
        .containsEntry("liiklus-dead-letter-reason", "java.lang.IllegalStateException: poison");
    var ofEvent = handled.remove();
    assertThat(ofEvent.value().toStringUtf8()).contains("\"id\":\"id\"");
    // The gateway publishes the record as it was, the client as it came to it.
    assertThat(headers(ofEvent).containsKey("ce_id")).isEqualTo(hasConsume);
  }

  private static Map<String, String> headers(ReceivedRecord record) {
    var headers = new HashMap<String, String>();
    record
        .headers()
        .forEach(header -> headers.put(header.getKey(), header.getValue().toStringUtf8()));
    return headers;
  }

  @Test
  void lostConnections_loseNothing() throws Exception {
    try (var relay = TcpRelay.start("127.0.0.1", port);
        var cut = LiiklusClient.connect("127.0.0.1:" + relay.port())) {
      var seen = ConcurrentHashMap.<String>newKeySet();
      try (var consumer =
          cut.consumer(topic, GROUP).handle(record -> seen.add(record.value().toStringUtf8()))) {
        for (int round = 0; round < 4; round++) {
          publish(round * 100, 100);
          int sofar = round * 100 + 50;
          await().atMost(GatewayClient.PATIENCE).until(() -> seen.size() >= sofar);
          relay.cut();
          relay.restore();
        }
        await().atMost(GatewayClient.PATIENCE).until(() -> seen.size() == 400);
        awaitAcked();
      }
    }
  }

  @Test
  void members_shareThePartitions() {
    publish(0, 100);
    var ofFirst = new ConcurrentLinkedQueue<Integer>();
    var ofSecond = new ConcurrentLinkedQueue<Integer>();
    var values = ConcurrentHashMap.<String>newKeySet();
    try (var first =
            client
                .consumer(topic, GROUP)
                .handle(
                    record -> {
                      ofFirst.add(record.partition());
                      values.add(record.value().toStringUtf8());
                    });
        var second =
            client
                .consumer(topic, GROUP)
                .handle(
                    record -> {
                      ofSecond.add(record.partition());
                      values.add(record.value().toStringUtf8());
                    })) {
      int[] next = {100};
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(
              () -> {
                ofFirst.clear();
                ofSecond.clear();
                publish(next[0], 30);
                next[0] += 30;
                awaitAcked();
                return !ofFirst.isEmpty() && !ofSecond.isEmpty();
              });
      assertThat(values).hasSize(next[0]);
    }
  }

  @Test
  void groupThatIsRefused_endsTheConsumer() {
    try (var consumer = client.consumer("a b", GROUP).handle(handled::add)) {
      var end = catchThrowableOfType(CompletionException.class, consumer.ended()::join);

      var status = ((StatusRuntimeException) end.getCause()).getStatus();
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).startsWith("topic: \"a b\"");
    }
  }
}
