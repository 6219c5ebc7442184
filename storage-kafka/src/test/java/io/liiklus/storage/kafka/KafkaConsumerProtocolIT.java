package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Kafka's newer group protocol, which calls back with other sets of partitions than the classic
 * one. The broker lets members know of a rebalance every 5 s, so this is no more than what differs.
 */
class KafkaConsumerProtocolIT extends KafkaStorageFixture {

  private static RecordsStorage storage;

  @BeforeAll
  static void open() {
    storage = KafkaTestStorage.open(Map.of("properties.group.protocol", "consumer"));
  }

  @AfterAll
  static void close() {
    storage.close();
  }

  @Test
  void partitions_moveToANewMemberAndBackWhenItLeaves() {
    var topic = newTopic(2);
    var group = newName();
    var steady = new RecordingListener();
    join(topic, group, AutoOffsetReset.EARLIEST, steady);
    awaitHeld(steady, 0, 1);

    var passing = new RecordingListener();
    var membership = join(topic, group, AutoOffsetReset.EARLIEST, passing);
    eventually()
        .untilAsserted(
            () -> {
              assertThat(steady.held()).hasSize(1);
              assertThat(passing.held()).hasSize(1);
            });
    get(membership.close());

    awaitHeld(steady, 0, 1);
    assertThat(steady.lost()).isEmpty();
  }

  @Test
  void records_areReadFromWhereTheGroupResumes() {
    var topic = newTopic(1);
    publishNumbers(topic, 10);
    var listener = new RecordingListener();

    var reader = joinAlone(topic, listener);
    assertThat(readValues(reader, 10)).hasSize(10);
    reader.seek(7);

    assertThat(readValues(reader, 3)).containsExactly("7", "8", "9");
  }

  @Override
  protected RecordsStorage storage() {
    return storage;
  }
}
