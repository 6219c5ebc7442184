package io.liiklus.storage.kafka.positions;

import static io.liiklus.storage.kafka.positions.PositionsFixture.GROUP;
import static io.liiklus.storage.kafka.positions.PositionsFixture.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Records that are no positions, and as much as there may be. */
class PositionsBoundsIT {

  private final KafkaCluster cluster = SharedKafka.cluster();
  private final String topic = "positions-" + UUID.randomUUID();

  @Test
  void recordsThatAreNoPositions_arePassedOver() throws Exception {
    var settings = PositionsFixture.settings(cluster.bootstrapServers(), topic);
    try (var open = PositionsFixture.open(settings).untilReady()) {
      open.store("records", 0, 5);
      write("garbage".getBytes(UTF_8), "5".getBytes(UTF_8));
      write(new byte[0], new byte[0]);
      write(new byte[] {(byte) 0xff, 0, (byte) 0xfe}, null);
      write(PositionRecord.key(id(0)), "no number".getBytes(UTF_8));
      open.store("records", 1, 6);
      assertThat(open.find("records")).isEqualTo(Map.of(0, 5L, 1, 6L));
    }
    try (var again = PositionsFixture.open(settings).untilReady()) {
      assertThat(again.find("records")).isEqualTo(Map.of(0, 5L, 1, 6L));
    }
  }

  @Test
  void recordWithoutValue_deletesItsPosition() throws Exception {
    var settings = PositionsFixture.settings(cluster.bootstrapServers(), topic);
    try (var open = PositionsFixture.open(settings).untilReady()) {
      open.store("records", 0, 5);
      open.store("records", 1, 6);
      write(PositionRecord.key(id(0)), null);
      assertThat(open.find("records")).isEqualTo(Map.of(1, 6L));
    }
  }

  @Test
  void newPositionPastTheBound_isRefusedAndKnownOnesAreStored() {
    var settings =
        PositionsFixture.settings(cluster.bootstrapServers(), topic).with("positions.max", "2");
    try (var open = PositionsFixture.open(settings).untilReady()) {
      open.store("records", 0, 5);
      open.store("records", 1, 5);
      assertThat(open.find("records")).hasSize(2);

      var refusal = failure(open.storage().store(id(2), 5));
      assertThat(refusal.kind()).isEqualTo(Kind.EXHAUSTED);
      assertThat(refusal).hasMessage("kafka.positions.max = 2 positions are stored");
      open.store("records", 1, 6);
      assertThat(open.find("records")).isEqualTo(Map.of(0, 5L, 1, 6L));
    }
  }

  @Test
  void callsPastTheBound_areRefusedAndTheOthersEndInTime() throws Exception {
    // Takes connections, and does not answer.
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var settings =
          PositionsFixture.settings("127.0.0.1:" + silent.getLocalPort(), topic)
              .with("positions.maxPendingCalls", "3");
      try (var open = PositionsFixture.open(settings)) {
        List<CompletionStage<?>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          calls.add(open.storage().find("records", GROUP));
        }
        var refusal = failure(calls.get(3));
        assertThat(refusal.kind()).isEqualTo(Kind.EXHAUSTED);
        assertThat(refusal)
            .hasMessage("kafka.positions.maxPendingCalls is reached: 3 calls wait for Kafka");
        for (var call : calls.subList(0, 3)) {
          assertThat(failure(call).kind()).isEqualTo(Kind.UNAVAILABLE);
        }
        assertThat(failure(open.storage().store(id(0), 1)).kind()).isEqualTo(Kind.UNAVAILABLE);
      }
    }
  }

  private static PositionId id(int partition) {
    return new PositionId("records", GROUP, partition);
  }

  private void write(byte[] key, byte[] value) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", cluster.bootstrapServers());
    var bytes = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(config, bytes, bytes)) {
      var unused = producer.send(new ProducerRecord<>(topic, 0, key, value)).get();
    }
  }
}
