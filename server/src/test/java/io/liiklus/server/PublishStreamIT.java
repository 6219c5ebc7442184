package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches in one call that stays open, through a real channel. */
@ParameterizedClass
@EnumSource(PublishStreamIT.Storage.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishStreamIT {

  enum Storage {
    MEMORY,
    KAFKA,
    SQL
  }

  private static final Status.Code INVALID = Status.Code.INVALID_ARGUMENT;

  /** By default. */
  private static final int MOST_RECORDS = 1_000;

  /** By default. */
  private static final int MOST_UNANSWERED = 16;

  /** The smallest window that HTTP/2 begins with. */
  private static final int SMALL_WINDOW = 65_535;

  @TempDir Path folder;

  @Parameter Storage storage;

  private Gateway gateway;
  private GatewayClient client;

  @BeforeParameterizedClassInvocation
  void open() {
    gateway =
        switch (storage) {
          case MEMORY -> Backend.MEMORY.gateway();
          case KAFKA -> Backend.KAFKA_AND_REDIS.gateway();
          case SQL ->
              Gateway.start(
                  "--sql.url=jdbc:sqlite:" + folder.resolve("records.db"),
                  "--sql.partitions=" + Backend.PARTITIONS);
        };
    client = new GatewayClient(gateway.port());
  }

  @AfterParameterizedClassInvocation
  void close() {
    client.close();
    if (storage == Storage.SQL) {
      gateway.close();
    }
  }

  private String newTopic() {
    return switch (storage) {
      case MEMORY, SQL -> "topic-" + UUID.randomUUID();
      case KAFKA -> Backend.KAFKA_AND_REDIS.newTopic();
    };
  }

  @Test
  void everyRequest_isAnsweredInTheOrderOfTheStream() {
    var topic = newTopic();
    int batches = 20 * MOST_UNANSWERED;
    try (var stream = BatchStream.open(client.channel())) {
      int sent = 0;
      for (int i = 0; i < batches; i++) {
        var records = new ArrayList<PublishRequest>();
        for (int record = 0; record < i % 7; record++) {
          records.add(record(topic, "key-" + sent % 11, "value-" + sent++));
        }
        stream.send(records);
      }
      stream.halfClose();

      var ends = new HashMap<Integer, Long>();
      for (int i = 0; i < batches; i++) {
        var results = stream.next();
        assertThat(results).hasSize(i % 7);
        for (var result : results) {
          long before = ends.getOrDefault(reply(result).getPartition(), -1L);
          assertThat(reply(result).getOffset()).isEqualTo(before + 1);
          ends.put(reply(result).getPartition(), before + 1);
        }
      }
      assertThat(stream.status()).isEqualTo(Status.OK);
      assertThat(stream.arrived()).isZero();
      assertThat(client.endOffsets(topic)).containsAllEntriesOf(ends);
    }
  }

  @Test
  void record_isReceivedAsItWasPublished() {
    var topic = newTopic();
    try (var stream = BatchStream.open(client.channel())) {
      stream.send(record(topic, "key", "first"), record(topic, "key", "second"));
      int partition = reply(stream.next().get(0)).getPartition();

      var assignments = GatewayClient.assignments(client.subscribe(topic, "group", 0));
      try (var receive = client.receive(assignments.get(partition))) {
        assertThat(receive.take(2))
            .extracting(reply -> reply.getRecord().getValue().toStringUtf8())
            .containsExactly("first", "second");
      }
    }
  }

  @Test
  void badRecord_spoilsNoNeighbour() {
    var topic = newTopic();
    try (var stream = BatchStream.open(client.channel())) {
      stream.send(
          record(topic, "key", "first"), record("a b", "key", "v"), record(topic, "key", "second"));
      stream.send(record("", "key", "v"));
      stream.send(record(topic, "key", "third"));

      var results = stream.next();
      assertThat(reply(results.get(0)).getOffset()).isZero();
      assertThat(results.get(1).getError().getCode()).isEqualTo(INVALID.value());
      assertThat(results.get(1).getError().getMessage()).startsWith("topic: \"a b\"");
      assertThat(results.get(1).getError().getNotStored()).isTrue();
      assertThat(reply(results.get(2)).getOffset()).isEqualTo(1);
      assertThat(stream.next().get(0).getError().getCode()).isEqualTo(INVALID.value());
      assertThat(reply(stream.next().get(0)).getOffset()).isEqualTo(2);
    }
  }

  @Test
  void requestOverTheBounds_endsTheCallBehindTheAnswersBefore() {
    var record = record(newTopic(), "key", "v");
    var half = record(record.getTopic(), "key", "v".repeat(800_000));
    endsTheCall(record, Collections.nCopies(MOST_RECORDS + 1, record), "publish.maxBatchRecords");
    endsTheCall(record, List.of(half, half), "publish.maxBatchBytes");

    // Nothing of what came behind it is stored.
    try (var stream = BatchStream.open(client.channel())) {
      stream.send(record);
      assertThat(reply(stream.next().get(0)).getOffset()).isEqualTo(6);
    }
  }

  private void endsTheCall(PublishRequest record, List<PublishRequest> tooMuch, String setting) {
    try (var stream = BatchStream.open(client.channel())) {
      for (int i = 0; i < 3; i++) {
        stream.send(record);
      }
      stream.send(tooMuch);
      stream.send(record);
      stream.halfClose();

      assertThat(stream.status().getCode()).isEqualTo(INVALID);
      assertThat(stream.status().getDescription()).startsWith("requests: ").contains(setting);
      assertThat(stream.isRestNotStored()).isTrue();
      assertThat(stream.arrived()).isEqualTo(3);
    }
  }

  @Test
  void streamWithoutRequests_endsAsItsClientEndsIt() {
    try (var stream = BatchStream.open(client.channel())) {
      stream.halfClose();

      assertThat(stream.status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void emptyBatch_hasAnEmptyReply() {
    try (var stream = BatchStream.open(client.channel())) {
      stream.send();

      assertThat(stream.next()).isEmpty();
    }
  }

  @Test
  void cancelledStream_harmsNoOther() {
    var topic = newTopic();
    try (var other = BatchStream.open(client.channel())) {
      for (int i = 0; i < 20; i++) {
        var cancelled = BatchStream.open(client.channel());
        cancelled.send(Collections.nCopies(100, record(topic, "key", "v")));
        cancelled.close();
        other.send(record(topic, "key", "v"));
      }

      for (int i = 0; i < 20; i++) {
        assertThat(other.next().get(0).hasReply()).isTrue();
      }
    }
  }

  @Test
  void clientThatReadsNoReplies_isNotReadOn() {
    var topic = newTopic();
    int batches = 4 * MOST_UNANSWERED;
    var channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.port())
            .usePlaintext()
            .flowControlWindow(SMALL_WINDOW)
            .build();
    try (var stream = BatchStream.openUnread(channel, new Metadata())) {
      for (int i = 0; i < batches; i++) {
        // Its reply is nearly as large as the client's window.
        stream.send(Collections.nCopies(MOST_RECORDS, record(topic, "key", "")));
      }
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(() -> stored(topic) >= MOST_UNANSWERED * (long) MOST_RECORDS);
      awaitNothingMore(topic);

      assertThat(stored(topic)).isLessThan(3 * batches / 4 * (long) MOST_RECORDS);
      stream.request(batches);
      for (int i = 0; i < batches; i++) {
        var last = reply(stream.next().get(MOST_RECORDS - 1));
        assertThat(last.getOffset()).isEqualTo((i + 1L) * MOST_RECORDS - 1);
      }
    } finally {
      channel.shutdownNow();
    }
  }

  /** Returns when twenty other publishes have passed without a record of the topic. */
  private void awaitNothingMore(String topic) {
    var other = newTopic();
    await()
        .atMost(GatewayClient.PATIENCE)
        .until(
            () -> {
              long before = stored(topic);
              IntStream.range(0, 20).forEach(i -> client.publish(other, "key", "v"));
              return stored(topic) == before;
            });
  }

  private long stored(String topic) {
    return client.endOffsets(topic).values().stream().mapToLong(end -> end + 1).sum();
  }

  private static PublishReply reply(PublishResult result) {
    assertThat(result.hasReply()).as("%s", result).isTrue();
    return result.getReply();
  }

  private static PublishRequest record(String topic, String key, String value) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes(key))
        .setValue(bytes(value))
        .build();
  }
}
