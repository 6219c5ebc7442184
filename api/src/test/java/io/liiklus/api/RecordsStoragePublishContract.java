package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How records are written, and how they come back. Confined to the test's thread. */
public abstract class RecordsStoragePublishContract extends RecordsStorageFixture {

  /** What a storage may count of a record beside its value. */
  private static final int MOST_AROUND_VALUE = 100;

  @Test
  void offsets_riseInEachPartition() {
    var topic = newTopic(3);
    var next = new HashMap<Integer, Long>();
    for (int i = 0; i < 30; i++) {
      var published = publish(topic, "key-" + i, "value");
      assertThat(published.topic()).isEqualTo(topic);
      assertThat(published.partition()).isBetween(0, 2);
      long lowest = next.getOrDefault(published.partition(), 0L);
      assertThat(published.offset())
          .isBetween(lowest, isDense() ? lowest : Offsets.previous(Long.MAX_VALUE));
      next.put(published.partition(), Offsets.next(published.offset()));
    }
  }

  @Test
  void equalKeys_goToOnePartitionInCallOrder() {
    var topic = newTopic(4);
    var sent = new ArrayList<CompletionStage<PublishedRecord>>();
    for (int i = 0; i < 200; i++) {
      sent.add(send(topic, "the key", Integer.toString(i)));
    }
    var stored = sent.stream().map(RecordsStorageFixture::get).toList();
    assertThat(stored).extracting(PublishedRecord::topic).containsOnly(topic);
    assertThat(stored)
        .extracting(PublishedRecord::partition)
        .containsOnly(stored.get(0).partition());
    assertThat(stored).extracting(PublishedRecord::offset).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void recordsWithoutKey_areTakenByAnyPartition() {
    var topic = newTopic(3);
    var partitions = new TreeMap<Integer, Long>();
    for (int i = 0; i < 12; i++) {
      partitions.merge(publish(topic, null, "value").partition(), 1L, Long::sum);
    }
    assertThat(partitions.keySet()).isSubsetOf(0, 1, 2);
  }

  @Test
  void keyAndValue_comeBackAsWritten() {
    var topic = newTopic(1);
    byte[] binary = {0, -1, 127, -128, 10};
    var published = get(send(new RecordToPublish(topic, binary, binary.clone(), List.of())));

    var batch = get(joinAlone(topic, new RecordingListener()).read());

    assertThat(batch.size()).isEqualTo(1);
    assertThat(batch.offset(0)).isEqualTo(published.offset());
    assertThat(array(batch.key(0))).isEqualTo(binary);
    assertThat(array(batch.value(0))).isEqualTo(binary);
    assertThat(batch.headers(0)).isEmpty();
    assertThat(batch.bytes()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void nullAndEmpty_differ() {
    var topic = newTopic(1);
    get(send(new RecordToPublish(topic, null, new byte[0], List.of())));
    get(send(new RecordToPublish(topic, new byte[0], null, List.of())));

    var batches = readAll(joinAlone(topic, new RecordingListener()), 2);

    var keys = new ArrayList<String>();
    var values = new ArrayList<String>();
    for (var batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        keys.add(text(batch.key(i)));
        values.add(text(batch.value(i)));
      }
    }
    assertThat(keys).containsExactly(null, "");
    assertThat(values).containsExactly("", null);
  }

  @Test
  void headers_keepOrderRepeatsAndBytes() {
    var topic = newTopic(1);
    var headers =
        List.of(
            new Header("b", new byte[] {0, -1, 1}),
            new Header("a", bytes("first")),
            new Header("b", null),
            new Header("a", new byte[0]),
            new Header("ключ", bytes("second")));
    get(send(new RecordToPublish(topic, null, bytes("value"), headers)));

    var batch = get(joinAlone(topic, new RecordingListener()).read());

    assertThat(batch.headers(0)).usingRecursiveComparison().isEqualTo(headers);
  }

  @Test
  void record_isStampedWithItsPublishTime() {
    var topic = newTopic(1);
    long before = System.currentTimeMillis();
    publish(topic, null, "value");
    long after = System.currentTimeMillis();

    var batch = get(joinAlone(topic, new RecordingListener()).read());

    assertThat(batch.timestamp(0)).isBetween(before, after);
  }

  @Test
  void timestampOfTheCaller_comesBack() {
    var topic = newTopic(1);
    long hourAgo = System.currentTimeMillis() - 3_600_000;
    get(
        send(
            new RecordToPublish(topic, null, bytes("value"), List.of(), OptionalLong.of(hourAgo))));

    var batch = get(joinAlone(topic, new RecordingListener()).read());

    assertThat(batch.timestamp(0)).isEqualTo(hourAgo);
  }

  @Test
  void recordWithAPartition_goesThereWhateverItsKey() {
    var topic = newTopic(3);
    for (int partition : List.of(2, 0, 1, 2)) {
      assertThat(get(send(to(topic, partition))).partition()).isEqualTo(partition);
    }
    assertThat(get(storage().endOffsets(topic)).values())
        .as("each partition has a record")
        .allMatch(range -> range.end() > range.start());
  }

  @Test
  void recordForAMissingPartition_isRefusedAndHoldsUpNoOther() {
    var topic = newTopic(2);
    publish(topic, "key", "value");

    for (int missing : List.of(2, -1)) {
      assertThat(failureOf(send(to(topic, missing)))).isEqualTo(StorageException.Kind.BAD_RECORD);
    }

    assertThat(get(send(to(topic, 1))).partition()).isEqualTo(1);
  }

  @Test
  void topicCreatedOnRequest_hasItsPartitionsAndIsListed() {
    var topic = newName();
    get(storage().createTopic(topic, 5));

    eventually()
        .untilAsserted(
            () -> assertThat(get(storage().endOffsets(topic))).containsOnlyKeys(0, 1, 2, 3, 4));
    eventually().untilAsserted(() -> assertThat(get(storage().topics())).contains(topic));

    get(storage().createTopic(topic, 7));

    assertThat(get(storage().endOffsets(topic))).as("it is left as it is").hasSize(5);
    assertThat(get(storage().topics())).noneMatch(storage().reservedTopics()::contains);
  }

  private static RecordToPublish to(String topic, int partition) {
    return new RecordToPublish(
        topic,
        bytes("the key"),
        bytes("value"),
        List.of(),
        OptionalLong.empty(),
        OptionalInt.of(partition));
  }

  @Test
  void endOffsets_areBehindTheLastRecordOfEveryPartition() {
    var topic = newTopic(3);
    var empty = get(storage().endOffsets(topic));
    assertThat(empty).containsOnlyKeys(0, 1, 2);
    assertThat(empty.values()).allMatch(range -> range.start() == range.end());
    if (isDense()) {
      assertThat(empty.values()).containsOnly(new OffsetRange(0, 0));
    }

    var first = publish(topic, "key", "value");
    var last = publish(topic, "key", "value");

    int written = first.partition();
    var expected = new HashMap<>(empty);
    expected.remove(written);
    eventually()
        .untilAsserted(
            () -> {
              var ranges = new HashMap<>(get(storage().endOffsets(topic)));
              var range = ranges.remove(written);
              assertThat(range.start()).isLessThanOrEqualTo(first.offset());
              assertThat(range.end()).isEqualTo(Offsets.next(last.offset()));
              assertThat(ranges).isEqualTo(expected);
            });
  }

  @Test
  void endOffsets_stayWhereRecordsWereDeleted() {
    assumeTrue(trims());
    var topic = newTopic(1);
    long last = publishNumbers(topic, 3).get(2);
    deleteRecords(topic, 0, last);
    long end = Offsets.next(last);
    var range = rangeOf(topic, 0);
    assertThat(range.start()).isEqualTo(range.end());
    if (isDense()) {
      assertThat(range.end()).isEqualTo(end);
    }
  }

  @Test
  void endOffsetsOfAnUnknownTopic_areEmptyAndCreateNone() {
    var topic = newName();
    assertThat(get(storage().endOffsets(topic))).isEmpty();
    assertThat(get(storage().endOffsets(topic))).isEmpty();
  }

  @Test
  void unknownTopic_isCreatedOrNamedAsUnknown() {
    var published = send(newName(), "key", "value");
    if (createsTopics()) {
      assertThat(get(published).offset()).isNotNegative();
    } else {
      assertThat(failureOf(published)).isEqualTo(StorageException.Kind.UNKNOWN_TOPIC);
    }
  }

  @Test
  void recordOverTheLimit_isRefusedWithoutItsNeighbours() {
    var topic = newTopic(1);
    var before = send(topic, null, "before");
    int tooMany = Math.toIntExact(storage().maxRecordBytes() + 1);
    var tooLarge = send(new RecordToPublish(topic, null, new byte[tooMany], List.of()));
    var after = send(topic, null, "after");

    assertThat(failureOf(tooLarge)).isEqualTo(StorageException.Kind.BAD_RECORD);
    assertThat(get(after).offset()).isGreaterThan(get(before).offset());
    var values = readValues(joinAlone(topic, new RecordingListener()), 2);
    assertThat(values).containsExactly("before", "after");
  }

  @Test
  void recordJustBelowTheLimit_isStored() {
    var topic = newTopic(1);
    int most = Math.toIntExact(storage().maxRecordBytes() - MOST_AROUND_VALUE);
    // So that the storage knows the topic: what waits for one has a bound of its own.
    var before = publish(topic, null, "before");
    var published = send(new RecordToPublish(topic, null, new byte[most], List.of()));
    assertThat(get(published).offset()).isGreaterThan(before.offset());
  }

  @Test
  void check_succeeds() {
    assertThat(get(storage().check())).isNull();
  }

  private static byte[] array(ByteBuffer buffer) {
    var array = new byte[buffer.remaining()];
    buffer.duplicate().get(array);
    return array;
  }
}
