package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.RecordingListener.Skip;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener.SkipReason;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a reader hands out the records of its partition. Confined to the test's thread. */
public abstract class RecordsStorageReadContract extends RecordsStoragePublishContract {

  @Test
  void records_comeInOrderWithoutGaps() {
    var topic = newTopic(1);
    publishNumbers(topic, 2000);

    var reader = joinAlone(topic, new RecordingListener());

    assertThat(readValues(reader, 2000))
        .isEqualTo(IntStream.range(0, 2000).mapToObj(Integer::toString).toList());
  }

  @Test
  void openRead_completesWithTheNextRecord() {
    var topic = newTopic(1);
    var reader = joinAlone(topic, new RecordingListener());
    var read = reader.read().toCompletableFuture();
    assertThat(read).isNotDone();

    publish(topic, null, "the one");

    assertThat(values(get(read))).containsExactly("the one");
  }

  @Test
  void recordLargerThanABatch_isRead() {
    var topic = newTopic(1);
    var large = get(send(new RecordToPublish(topic, null, new byte[900 << 10], List.of())));
    publish(topic, null, "behind it");

    var reader = joinAlone(topic, new RecordingListener());

    assertThat(get(reader.read()).value(0).remaining()).isEqualTo(900 << 10);
    reader.seek(Offsets.next(large.offset()));
    assertThat(readValues(reader, 1)).containsExactly("behind it");
  }

  @Test
  void secondOpenRead_isRefused() {
    var topic = newTopic(1);
    var reader = joinAlone(topic, new RecordingListener());
    var open = reader.read();

    assertThatThrownBy(reader::read).isInstanceOf(IllegalStateException.class);

    publish(topic, null, "for the first read");
    assertThat(values(get(open))).containsExactly("for the first read");
  }

  @Test
  void hasRecords_answersWithoutReading() {
    var topic = newTopic(1);
    var reader = joinAlone(topic, new RecordingListener());
    assertThat(reader.hasRecords()).isFalse();

    publish(topic, null, "value");
    eventually().until(reader::hasRecords);

    get(reader.read());
    assertThat(reader.hasRecords()).isFalse();
  }

  @Test
  void range_isThatOfTheLog() {
    assumeTrue(trims());
    var topic = newTopic(1);
    var reader = joinAlone(topic, new RecordingListener());
    var empty = get(reader.range());
    assertThat(empty.start()).isEqualTo(empty.end());

    var offsets = publishNumbers(topic, 5);
    deleteRecords(topic, 0, offsets.get(1));

    var range = get(reader.range());
    assertThat(range.start()).isBetween(Offsets.next(offsets.get(1)), offsets.get(2));
    assertThat(range.end()).isEqualTo(Offsets.next(offsets.get(4)));
  }

  @Test
  void seek_endsTheOpenRead() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 3);
    var reader = joinAlone(topic, new RecordingListener());
    readAll(reader, 3);
    var open = reader.read();

    reader.seek(offsets.get(1));

    assertThat(failureOf(open)).isEqualTo(Kind.CLOSED);
    assertThat(readValues(reader, 2)).containsExactly("1", "2");
  }

  @Test
  void seekBehindARecord_beginsAtTheNextOne() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 3);
    var listener = new RecordingListener();
    var reader = joinAlone(topic, listener);

    reader.seek(Offsets.next(offsets.get(0)));

    assertThat(get(reader.read()).offset(0)).isEqualTo(offsets.get(1));
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void seekForthAndBack_readsFromExactlyThere() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 500);
    var listener = new RecordingListener();
    var reader = joinAlone(topic, listener);
    var random = new Random(7);
    for (int i = 0; i < 25; i++) {
      // Some reads are left open when the next seek comes: one that a fetch may answer meanwhile.
      if (random.nextInt(3) == 0) {
        var unused = reader.read();
      }
      long offset = offsets.get(random.nextInt(500));
      reader.seek(offset);
      assertThat(get(reader.read()).offset(0)).isEqualTo(offset);
    }
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void manySeeks_endAtTheLastOne() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 50);
    var reader = joinAlone(topic, new RecordingListener());

    offsets.forEach(reader::seek);

    assertThat(values(get(reader.read()))).containsExactly("49");
  }

  @Test
  void seekToTheEnd_waitsForTheNextRecord() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 3);
    var listener = new RecordingListener();
    var reader = joinAlone(topic, listener);

    reader.seek(Offsets.next(offsets.get(2)));
    var read = reader.read();
    var next = publish(topic, null, "the next");

    assertThat(offsets(get(read))).containsExactly(next.offset());
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void seekBelowTheLog_readsFromItsStartAndReportsTheLossOnce() {
    assumeTrue(trims());
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 10);
    var listener = new RecordingListener();
    var reader = joinAlone(topic, listener);
    readAll(reader, 10);
    deleteRecords(topic, 0, offsets.get(5));

    for (int i = 0; i < 2; i++) {
      reader.seek(offsets.get(2));
      assertThat(readValues(reader, 4)).containsExactly("6", "7", "8", "9");
      assertSkipped(listener, SkipReason.RETENTION, 4);
    }
  }

  @Test
  void seekBeyondTheLog_readsFromItsStartAndReportsTheTruncation() {
    var topic = newTopic(1);
    publishNumbers(topic, 3);
    var listener = new RecordingListener();
    var reader = joinAlone(topic, listener);

    reader.seek(Offsets.next(rangeOf(topic, 0).end()));

    assertThat(readValues(reader, 3)).containsExactly("0", "1", "2");
    assertThat(listener.skips()).containsExactly(new Skip(0, SkipReason.TRUNCATION, 0));
  }

  @Test
  void unreadPartition_holdsUpNoOther() {
    var topic = newTopic(2);
    var keys = keysOf(topic, 2);
    var slow = new byte[512 << 10];
    for (int i = 0; i < 16; i++) {
      get(send(new RecordToPublish(topic, bytes(keys.get(0)), slow.clone(), List.of())));
    }
    var listener = new RecordingListener();
    join(topic, newName(), AutoOffsetReset.EARLIEST, listener);
    awaitHeld(listener, 0, 1);
    eventually().until(listener.reader(0)::hasRecords);
    readTo(listener.reader(1), rangeOf(topic, 1).end());

    for (int i = 0; i < 100; i++) {
      var read = listener.reader(1).read();
      publish(topic, keys.get(1), "value-" + i);
      assertThat(values(get(read))).containsExactly("value-" + i);
    }

    long end = rangeOf(topic, 0).end();
    var batches = readTo(listener.reader(0), end);
    assertThat(text(batches.get(0).key(0))).isEqualTo(keys.get(0));
    if (isDense()) {
      assertThat(batches.stream().mapToLong(RecordBatch::size).sum()).isEqualTo(end);
    }
  }

  @Test
  void batch_staysAsItIsWhileReadingGoesOn() {
    var topic = newTopic(1);
    publishNumbers(topic, 3);
    var reader = joinAlone(topic, new RecordingListener());
    var batches = readAll(reader, 3);
    publishNumbers(topic, 1000);
    readAll(reader, 1000);

    assertThat(batches.stream().flatMap(batch -> values(batch).stream()))
        .containsExactly("0", "1", "2");
  }

  @Test
  void copy_hasTheSameRecords() {
    var topic = newTopic(1);
    for (int i = 0; i < 3; i++) {
      var headers = List.of(new Header("number", bytes("" + i)), new Header("none", null));
      get(send(new RecordToPublish(topic, bytes("key"), i == 1 ? null : bytes("v" + i), headers)));
    }
    for (var batch : readAll(joinAlone(topic, new RecordingListener()), 3)) {
      var copy = batch.copyFrom(batch.size() - 1);

      int last = batch.size() - 1;
      assertThat(copy.size()).isEqualTo(1);
      assertThat(copy.offset(0)).isEqualTo(batch.offset(last));
      assertThat(copy.timestamp(0)).isEqualTo(batch.timestamp(last));
      assertThat(copy.key(0)).isEqualTo(batch.key(last));
      assertThat(copy.value(0)).isEqualTo(batch.value(last));
      assertThat(copy.headers(0)).usingRecursiveComparison().isEqualTo(batch.headers(last));
      assertThat(values(batch.copyFrom(0))).isEqualTo(values(batch));
    }
  }
}
