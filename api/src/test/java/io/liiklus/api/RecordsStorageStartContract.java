package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.RecordingListener.Skip;
import io.liiklus.api.SubscriptionListener.SkipReason;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where a partition begins when it is assigned. Confined to the test's thread. */
public abstract class RecordsStorageStartContract extends RecordsStorageReadContract {

  @Test
  void storedPosition_isWhereReadingBegins() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 5);
    long resume = Offsets.next(offsets.get(2));
    var listener = new RecordingListener().resumeAt(Map.of(0, resume));

    var reader = joinAlone(topic, listener);

    assertThat(reader.startOffset()).isBetween(resume, offsets.get(3));
    assertThat(readValues(reader, 2)).containsExactly("3", "4");
    assertThat(listener.asked()).first().isEqualTo(Set.of(0));
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void groupThatHasReadAll_beginsAtTheEnd() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 5);
    long resume = Offsets.next(offsets.get(4));
    var listener = new RecordingListener().resumeAt(Map.of(0, resume));

    var reader = joinAlone(topic, listener);
    var next = publish(topic, null, "next");

    assertThat(reader.startOffset()).isBetween(resume, next.offset());
    assertThat(readValues(reader, 1)).containsExactly("next");
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void groupThatNeverCommitted_hasNoCommittedOffsets() {
    var topic = newTopic(1);
    publishNumbers(topic, 5);

    assertThat(get(storage().committedOffsets(topic, new GroupId(newName(), 0)))).isEmpty();
    assertThat(get(storage().committedOffsets(topic, new GroupId(newName(), 2)))).isEmpty();
  }

  @Test
  void earliestWithoutPosition_beginsAtTheLogStart() {
    assumeTrue(trims());
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 5);
    deleteRecords(topic, 0, offsets.get(1));
    var listener = new RecordingListener();

    var reader = joinAlone(topic, listener);

    assertThat(reader.startOffset()).isBetween(Offsets.next(offsets.get(1)), offsets.get(2));
    assertThat(readValues(reader, 3)).containsExactly("2", "3", "4");
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void latestWithoutPosition_beginsAtTheEnd() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 5);
    var listener = new RecordingListener();
    join(topic, newName(), AutoOffsetReset.LATEST, listener);

    var reader = awaitReader(listener, 0);
    var next = publish(topic, null, "next");

    assertThat(reader.startOffset()).isBetween(Offsets.next(offsets.get(4)), next.offset());
    assertThat(readValues(reader, 1)).containsExactly("next");
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void position_winsOverTheReset() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 5);
    var listener = new RecordingListener().resumeAt(Map.of(0, offsets.get(0)));
    join(topic, newName(), AutoOffsetReset.LATEST, listener);

    assertThat(readValues(awaitReader(listener, 0), 5)).containsExactly("0", "1", "2", "3", "4");
  }

  @Test
  void positionPassedByRetention_continuesAtTheLogStart() {
    assumeTrue(trims());
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 10);
    deleteRecords(topic, 0, offsets.get(5));
    var listener = new RecordingListener().resumeAt(Map.of(0, offsets.get(2)));
    join(topic, newName(), AutoOffsetReset.LATEST, listener);

    var reader = awaitReader(listener, 0);

    assertThat(reader.startOffset()).isBetween(Offsets.next(offsets.get(5)), offsets.get(6));
    assertThat(readValues(reader, 4)).containsExactly("6", "7", "8", "9");
    assertSkipped(listener, SkipReason.RETENTION, 4);
  }

  @Test
  void lossReportedAtTheAssignment_isNotReportedBySeek() {
    assumeTrue(trims());
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 10);
    deleteRecords(topic, 0, offsets.get(5));
    var listener = new RecordingListener().resumeAt(Map.of(0, offsets.get(2)));
    var reader = joinAlone(topic, listener);

    reader.seek(offsets.get(2));

    assertThat(readValues(reader, 4)).containsExactly("6", "7", "8", "9");
    assertSkipped(listener, SkipReason.RETENTION, 4);
  }

  @Test
  void positionBeyondTheEnd_continuesAtTheLogStart() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 3);
    long beyond = Offsets.next(rangeOf(topic, 0).end());
    var listener = new RecordingListener().resumeAt(Map.of(0, beyond));
    join(topic, newName(), AutoOffsetReset.LATEST, listener);

    var reader = awaitReader(listener, 0);

    assertThat(reader.startOffset()).isLessThanOrEqualTo(offsets.get(0));
    assertThat(readValues(reader, 3)).containsExactly("0", "1", "2");
    assertThat(listener.skips()).containsExactly(new Skip(0, SkipReason.TRUNCATION, 0));
  }

  @Test
  void assignment_waitsForItsResumeOffset() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 3);
    var answer = new CompletableFuture<Map<Integer, Long>>();
    var waiting = new RecordingListener().resumeBy(partitions -> answer);
    join(topic, newName(), AutoOffsetReset.EARLIEST, waiting);
    eventually().until(() -> !waiting.asked().isEmpty());

    // Another group comes and reads meanwhile: neither does the wait hold it up.
    readAll(joinAlone(topic, new RecordingListener()), 3);
    assertThat(waiting.assigned()).isEmpty();

    answer.complete(Map.of(0, offsets.get(2)));
    assertThat(readValues(awaitReader(waiting, 0), 1)).containsExactly("2");
  }

  @Test
  void failedResumeOffset_isNotTakenForNoPosition() {
    var topic = newTopic(1);
    var offsets = publishNumbers(topic, 3);
    var asked = new AtomicInteger();
    var listener =
        new RecordingListener()
            .resumeBy(
                partitions ->
                    asked.getAndIncrement() == 0
                        ? CompletableFuture.failedStage(
                            new StorageException(StorageException.Kind.UNAVAILABLE, "away"))
                        : CompletableFuture.completedStage(Map.of(0, offsets.get(2))));

    assertThat(joinAlone(topic, listener).startOffset()).isEqualTo(offsets.get(2));
  }

  @Test
  void topicThatAppearsLater_isReadFromItsStart() {
    var topic = newName();
    var listener = new RecordingListener();
    join(topic, newName(), AutoOffsetReset.LATEST, listener);
    // A whole assignment of another group passes, so that the first one had time to look.
    joinAlone(newTopic(1), new RecordingListener());
    assertThat(get(storage().endOffsets(topic))).isEmpty();
    assertThat(listener.assigned()).isEmpty();

    createTopic(topic, 1);
    var offsets = publishNumbers(topic, 3);

    var reader = awaitReader(listener, 0);
    assertThat(reader.startOffset()).isLessThanOrEqualTo(offsets.get(0));
    assertThat(readValues(reader, 3)).containsExactly("0", "1", "2");
  }

  @Test
  void addedPartitions_areReadFromTheirStart() {
    assumeTrue(addsPartitions());
    var topic = newTopic(1);
    // Answered when records are there, so that the end is not where the beginning is.
    var published = new CompletableFuture<Map<Integer, Long>>();
    var listener = new RecordingListener();
    listener.resumeBy(
        partitions ->
            listener.asked().size() == 1 ? CompletableFuture.completedStage(Map.of()) : published);
    join(topic, newName(), AutoOffsetReset.LATEST, listener);
    awaitReader(listener, 0);

    addPartitions(topic, 3);
    var firsts = new HashMap<Integer, Long>();
    var keys = new AtomicInteger();
    eventually()
        .atMost(WAIT_FOR_METADATA)
        .until(
            () -> {
              var first = publish(topic, "key-" + keys.getAndIncrement(), "first");
              firsts.putIfAbsent(first.partition(), first.offset());
              return firsts.keySet().containsAll(Set.of(1, 2));
            });
    published.complete(Map.of());

    eventually().atMost(WAIT_FOR_METADATA).until(() -> listener.held().size() == 3);
    for (int partition = 1; partition < 3; partition++) {
      var reader = listener.reader(partition);
      assertThat(reader.startOffset()).isLessThanOrEqualTo(firsts.get(partition));
      assertThat(get(reader.read()).offset(0)).isEqualTo(firsts.get(partition));
    }
  }
}
