package io.liiklus.storage.kafka.positions;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PositionsWriterTest {

  private static final TopicPartition PARTITION = new TopicPartition("positions", 0);

  /** Its producer never learns of the topic, as nobody listens there. */
  @Test
  void topicThatTheProducerDoesNotKnow_isNamed() {
    var settings = PositionsFixture.settings("127.0.0.1:1", PARTITION.topic());
    var read = PositionsSettings.read(settings, StorageContext.NONE);
    var clients = new PositionsClients(read.clients(), read.callTimeout());
    var identity = new TopicIdentity(PARTITION.topic(), System::nanoTime);
    var writer =
        new PositionsWriter(PARTITION, 10, new PositionsView(), identity, clients::openProducer);
    try {
      assertThat(writer.open()).isFalse();

      var write = new GroupPositions("topic", new GroupId("group", 0), Map.of(0, 1L));
      var failure = PositionsFixture.failure(writer.write(write));

      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure)
          .hasMessage(
              "Kafka does not say where the positions topic positions is: look whether it is there,"
                  + " and its broker serves (kafka.positions.topic)");
    } finally {
      writer.close(Duration.ZERO);
    }
  }
}
