package io.liiklus.storage.kafka.positions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PositionsConsumerTest {

  private static final TopicPartition PARTITION = new TopicPartition("positions", 0);
  private static final GroupId GROUP = new GroupId("group", 0);

  private final PositionsView view = new PositionsView();
  private MockConsumer<byte[], byte[]> opened;
  private final PositionsConsumer consumer = new PositionsConsumer(PARTITION, 1, view, this::open);

  private MockConsumer<byte[], byte[]> open() {
    opened = new MockConsumer<>("none");
    opened.updateBeginningOffsets(Map.of(PARTITION, 0L));
    return opened;
  }

  @Test
  void reopenedConsumer_goesOnWhereTheViewEnds() {
    poll();
    add(0, 0, 10);
    poll();
    opened.setPollException(new KafkaException("broken"));
    assertThatThrownBy(this::poll).hasMessage("broken");
    consumer.close(Duration.ZERO);

    poll();
    assertThat(opened.position(PARTITION)).isEqualTo(1);
    assertThat(view.find("topic", GROUP)).isEqualTo(Map.of(0, 10L));
  }

  @Test
  void cutLog_isReadAgainFromItsStart() {
    poll();
    add(0, 0, 10);
    add(1, 1, 20);
    poll();
    assertThat(view.end()).isEqualTo(2);

    opened.setPollException(new OffsetOutOfRangeException(new HashMap<>(Map.of(PARTITION, 2L))));
    poll();
    assertThat(view.end()).isZero();
    assertThat(view.size()).isZero();

    add(0, 0, 11);
    poll();
    assertThat(view.find("topic", GROUP)).isEqualTo(Map.of(0, 11L));
  }

  @Test
  void recordThatIsNoPosition_isPassedOver() {
    poll();
    add(0, 0, 10);
    opened.addRecord(record(1, "garbage".getBytes(UTF_8), null));
    poll();
    assertThat(view.end()).isEqualTo(2);
    assertThat(view.find("topic", GROUP)).isEqualTo(Map.of(0, 10L));
  }

  @Test
  void positionsFarPastTheBound_endTheReading() {
    poll();
    for (int partition = 0; partition < 10_002; partition++) {
      add(partition, partition, 1);
    }
    poll();
    assertThatThrownBy(this::poll)
        .hasMessage(
            "the positions topic has more than kafka.positions.max = 1 positions: raise it");
  }

  private void poll() {
    consumer.poll(Duration.ZERO);
  }

  private void add(long at, int partition, long offset) {
    var key = PositionRecord.key(new PositionId("topic", GROUP, partition));
    opened.addRecord(record(at, key, PositionRecord.value(offset)));
  }

  private static ConsumerRecord<byte[], byte[]> record(long at, byte[] key, byte[] value) {
    return new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), at, key, value);
  }
}
