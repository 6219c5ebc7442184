package io.liiklus.storage.pulsar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordingListener.Skip;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.testing.SharedPulsar;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records in batches, and those of other programs. */
class PulsarMessagesIT {

  private static final PulsarTopics TOPICS = new PulsarTopics(SharedPulsar.server());
  private static Reading gateway;
  private static PulsarClient client;

  private final String topic = Reading.newName();
  private final RecordingListener listener = new RecordingListener();

  @BeforeAll
  static void open() throws PulsarClientException {
    gateway = new Reading(TestSettings.of(SharedPulsar.server()));
    client = PulsarClient.builder().serviceUrl(SharedPulsar.server().serviceUrl()).build();
  }

  @AfterAll
  static void close() throws PulsarClientException {
    client.close();
    gateway.close();
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  /** A producer as the original's. */
  private Producer<byte[]> original() throws PulsarClientException {
    return client
        .newProducer()
        .topic(topic)
        .hashingScheme(HashingScheme.Murmur3_32Hash)
        .enableBatching(false)
        .create();
  }

  @Test
  void recordsOfABatch_areReadFromAnyOfThem() {
    TOPICS.create(topic, 1);
    var published = gateway.publishNumbers(topic, 0, 500);
    assertThat(published).extracting(PublishedRecord::offset).isSorted().doesNotHaveDuplicates();

    var reader = gateway.join(topic, listener);

    assertThat(Reading.read(reader, 500)).isEqualTo(numbers(0, 500));
    for (int from : new int[] {499, 250, 1, 0}) {
      reader.seek(published.get(from).offset());
      assertThat(Reading.read(reader, 500 - from)).isEqualTo(numbers(from, 500));
    }
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void positionOfTheOriginal_goesOnBehindItsRecord() throws PulsarClientException {
    TOPICS.create(topic, 1);
    long third = 0;
    try (var producer = original()) {
      for (int i = 0; i < 6; i++) {
        var id = (MessageIdAdv) producer.send(Integer.toString(i).getBytes(UTF_8));
        third = i == 2 ? id.getLedgerId() << 28 | id.getEntryId() : third;
      }
    }

    var reader = gateway.join(topic, listener.resumeAt(Map.of(0, Offsets.next(third))));

    assertThat(Reading.read(reader, 3)).isEqualTo(numbers(3, 6));
    reader.seek(third);
    assertThat(Reading.read(reader, 4)).isEqualTo(numbers(2, 6));
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void entryNumbers_areThoseOfTheOriginalAndTakeNoBatch() {
    TOPICS.create(topic, 1);
    try (var entries =
        new Reading(TestSettings.of(SharedPulsar.server()).with("offsets", "entry"))) {
      var first = entries.publishNumbers(topic, 0, 3);
      assertThat(first).allMatch(record -> record.offset() < 1L << 62);
      var reader =
          entries.join(topic, listener.resumeAt(Map.of(0, Offsets.next(first.get(0).offset()))));
      assertThat(Reading.read(reader, 2)).isEqualTo(numbers(1, 3));

      gateway.publishNumbers(topic, 3, 60);

      assertThatThrownBy(() -> Reading.read(reader, 57))
          .hasMessageContaining("pulsar.offsets = record");
    }
  }

  @Test
  void keys_goWhereTheOriginalPutThem() throws PulsarClientException {
    TOPICS.create(topic, 5);
    try (var producer = original()) {
      for (int i = 0; i < 20; i++) {
        var key = "key-" + i;
        var id = (MessageIdAdv) producer.newMessage().key(key).value(new byte[0]).send();
        assertThat(gateway.publish(topic, key, "value").partition())
            .isEqualTo(id.getPartitionIndex());
      }
    }
  }

  @Test
  void topicWithoutPartitions_isPartitionZero() {
    TOPICS.createWhole(topic);
    assertThat(gateway.publish(topic, "key", "0").partition()).isZero();
    var record =
        new RecordToPublish(
            topic, null, "1".getBytes(UTF_8), List.of(), OptionalLong.empty(), OptionalInt.of(0));
    assertThat(Reading.get(gateway.storage().publish(record, Reading.WAIT)).partition()).isZero();

    assertThat(Reading.get(gateway.storage().endOffsets(topic))).containsOnlyKeys(0);
    assertThat(Reading.read(gateway.join(topic, listener), 2)).isEqualTo(numbers(0, 2));
  }

  @Test
  void nameOfAPartition_isRefused() {
    var name = topic + "-partition-0";
    assertThatThrownBy(() -> gateway.publish(name, null, "value"))
        .hasMessageContaining("name the topic");
    assertThatThrownBy(() -> Reading.get(gateway.storage().endOffsets(name)))
        .hasMessageContaining("name the topic");
  }

  @Test
  void readerThatRetentionOvertakes_reportsALossOfUnknownSize() throws PulsarClientException {
    TOPICS.create(topic, 1);
    try (var slow =
        new Reading(TestSettings.of(SharedPulsar.server()).with("receiverQueueSize", "1"))) {
      byte[] large = new byte[1 << 19];
      MessageIdAdv tenth = null;
      try (var producer = original()) {
        for (int i = 0; i < 15; i++) {
          var id = (MessageIdAdv) producer.send(large);
          tenth = i == 9 ? id : tenth;
        }
      }
      // Its prefetch is full, and its reader has the next one.
      var reader = slow.join(topic, listener);
      Reading.get(reader.read());

      TOPICS.trim(topic, 0, tenth.getLedgerId(), tenth.getEntryId());

      long last = 0;
      long behind = new PulsarOffsets(false).of(tenth);
      while (last <= behind) {
        var batch = Reading.get(reader.read());
        last = batch.offset(batch.size() - 1);
      }
      assertThat(listener.skips()).containsExactly(new Skip(0, SkipReason.RETENTION, -1));
    }
  }
}
