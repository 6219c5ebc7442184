package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordingListener.Skip;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.testing.SharedKafka;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A topic that is deleted and made anew while a subscription runs. */
class TopicMadeAnewIT extends KafkaStorageFixture {

  private static RecordsStorage storage;

  @BeforeAll
  static void open() {
    storage = KafkaTestStorage.open(Map.of("topicAge", "200ms"));
  }

  @AfterAll
  static void close() {
    storage.close();
  }

  @Test
  void recreatedTopic_isReadFromItsStartThoughGrownPastThePosition() {
    var topic = newTopic(1);
    publishNumbers(topic, 10);
    var listener = new RecordingListener().resumeAt(Map.of(0, 5L));
    join(topic, newName(), AutoOffsetReset.EARLIEST, listener);
    awaitHeld(listener, 0);
    var before = listener.reader(0);
    assertThat(readValues(before, 5)).endsWith("9");

    SharedKafka.cluster().deleteTopic(topic);
    createTopic(topic, 1);
    publishNumbers(topic, 20);

    eventually()
        .untilAsserted(() -> assertThat(listener.reader(0)).isNotNull().isNotSameAs(before));
    var reader = listener.reader(0);
    assertThat(reader.startOffset()).isZero();
    assertThat(readValues(reader, 20)).startsWith("0").endsWith("19");
    assertThat(listener.skips()).contains(new Skip(0, SkipReason.TRUNCATION, 0));
  }

  @Override
  protected RecordsStorage storage() {
    return storage;
  }
}
