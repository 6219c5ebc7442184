package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.ConsumeStream.Delivered;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.processing.TestProcessors;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consume and PublishStream through processors of a plugin. */
class ProcessedStreamsIT {

  @TempDir private static Path plugins;
  private static Gateway gateway;
  private static GatewayClient client;

  private final String topic = "topic-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    TestProcessors.write(plugins.resolve("demo.jar"));
    gateway =
        Gateway.start(
            "--plugins.dir=" + plugins,
            "--publish.timeout=2s",
            "--memory.partitions=" + Backend.PARTITIONS);
    client = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  private PublishRequest request(String value) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes("k"))
        .setValue(bytes(value))
        .build();
  }

  private int publish(String... values) {
    var results = client.publishBatch(Stream.of(values).map(this::request).toList());
    return results.get(0).getReply().getPartition();
  }

  private ConsumeStream consume() {
    var start = ConsumeStart.newBuilder().setTopic(topic).setGroup("group");
    return ConsumeStream.open(client.channel(), start.build());
  }

  @Test
  void consumedRecords_areChangedAndDropped_andPositionsPassTheDroppedOnes() {
    int partition = publish("first", "out-drop 1", "out-upper 2", "out-drop 3", "out-later 4");
    try (var stream = consume()) {
      var taken = stream.take(3);
      assertThat(taken)
          .extracting(Delivered::value)
          .containsExactly("first", "OUT-UPPER 2", "out-later 4");
      assertThat(taken).extracting(Delivered::offset).containsExactly(0L, 2L, 4L);

      // Those that were not sent cannot be acked, nor nacked.
      stream.ack(partition, 1L, 2L, 3L);
      stream.retry(partition, 0, 0L, 1L);
      assertThat(stream.take(1)).extracting(Delivered::offset).containsExactly(0L);
      assertThat(client.offsets(topic, "group", 0)).isEmpty();
      stream.ack(partition, 0L);
      stream.awaitAcked(partition, 2);
      stream.ackUpTo(partition, 4);
      stream.awaitAcked(partition, 4);
    }
  }

  @Test
  void recordThatComesAgain_isProcessedOnce() {
    int partition = publish("out-upper 0");
    try (var stream = consume()) {
      stream.take(1);
      stream.retry(partition, 0, 0L);

      var again = stream.next(ConsumeReply::hasRecords).getRecords();

      assertThat(again.getAttemptsList()).containsExactly(2);
      var record = again.getRecords().getRecords(0);
      assertThat(record.getValue().toStringUtf8()).isEqualTo("OUT-UPPER 0");
      assertThat(record.getHeadersList())
          .extracting(header -> header.getKey() + " " + header.getValue().toStringUtf8())
          .containsExactlyInAnyOrder("in First", "in Last", "out First", "out Last");
    }
  }

  @Test
  void batchesThatAreDroppedAsAWhole_arePassedByTheNextAck() {
    var dropped = IntStream.range(0, 500).mapToObj(i -> request("out-drop " + i)).toList();
    for (int i = 0; i < 5; i++) {
      client.publishBatch(dropped);
    }
    int partition = publish("last");
    try (var stream = consume()) {
      var last = stream.take(1).get(0);
      assertThat(last.value()).isEqualTo("last");
      stream.ack(partition, last.offset());
      stream.awaitAcked(partition, 2_500);
    }
  }

  @Test
  void faultOnTheWayOut_endsTheConsumeBehindWhatWasBefore() {
    publish("first");
    try (var stream = consume()) {
      stream.take(1);
      publish("out-throw");

      assertThat(stream.status().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(stream.status().getDescription())
          .isEqualTo("the processor demo.Post failed; see the gateway's log");
    }
  }

  @Test
  void streamedRecordThatAProcessorRefuses_spoilsNoNeighbour() {
    try (var stream = BatchStream.open(client.channel())) {
      stream.send(request("slow 0"), request("refuse"), request("slow 1"));
      stream.send(request("throw"), request("a"));
      stream.send(request("b"));
      stream.halfClose();

      var first = stream.next();
      assertThat(first).extracting(ProcessedStreamsIT::offset).containsExactly(0L, -1L, 1L);
      assertThat(first.get(1).getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
      assertThat(first.get(1).getError().getMessage())
          .isEqualTo("value: refuse is not allowed; another");
      assertThat(first.get(1).getError().getNotStored()).isTrue();
      var second = stream.next();
      assertThat(second).extracting(ProcessedStreamsIT::offset).containsExactly(-1L, 2L);
      assertThat(second.get(0).getError().getCode()).isEqualTo(Status.Code.INTERNAL.value());
      assertThat(stream.next()).extracting(ProcessedStreamsIT::offset).containsExactly(3L);
      assertThat(stream.status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void streamedRecordThatHangs_isAnsweredInTime_andTheStreamGoesOn() {
    try (var stream = BatchStream.open(client.channel())) {
      stream.send(request("a"), request("hang"));

      var results = stream.next();
      assertThat(results.get(0).hasReply()).isTrue();
      assertThat(results.get(1).getError().getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
      assertThat(results.get(1).getError().getNotStored()).isTrue();
      stream.send(List.of(request("b")));
      assertThat(stream.next().get(0).hasReply()).isTrue();
    }
  }

  /** -1: it was not stored. */
  private static long offset(PublishResult result) {
    return result.hasReply() ? result.getReply().getOffset() : -1;
  }
}
