package io.liiklus.storage.kafka.group;

import static io.liiklus.storage.kafka.group.SteppedSubscription.id;
import static io.liiklus.storage.read.SteppedReads.failure;
import static io.liiklus.storage.read.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a fetcher when reading fails, at the end of the log and on the way there. */
class FetchingFaultsTest {

  private final SteppedSubscription earliest = new SteppedSubscription(AutoOffsetReset.EARLIEST, 4);

  @Test
  void failingTail_leavesEachGroupToItself() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.addRecord(0, 0, 10);
    earliest.turn();
    earliest.tail.failures.add(new TopicAuthorizationException("topic"));
    earliest.turn();

    earliest.addRecord(0, 1, 10);
    earliest.turn();

    earliest.expect(0, 1);
    assertThat(earliest.isAtTail(0)).isTrue();
  }

  @Test
  void passingTailFailure_changesNothing() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.tail.failures.add(new DisconnectException());
    earliest.turn();

    earliest.addRecord(0, 0, 10);
    earliest.turn();

    earliest.expect(0);
    assertThat(earliest.catchUps).isEmpty();
  }

  /** As the consumer throws it, and as it is wrapped within. */
  private static Stream<Throwable> faultsOfTheMachine() {
    var noCodec = new UnsatisfiedLinkError("no codec");
    return Stream.of(
        noCodec,
        new NoClassDefFoundError("Could not initialize class Snappy"),
        new OutOfMemoryError("Java heap space"),
        new KafkaException(noCodec),
        new KafkaException(
            "Received exception when fetching the next record from t-0",
            new KafkaException(new ExceptionInInitializerError("Cannot unpack libzstd"))));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheMachine")
  void faultOfTheMachine_isWaitedOutAndSkipsNothing(Throwable fault) {
    var skipping = new SteppedSubscription(AutoOffsetReset.EARLIEST, 4, true);
    skipping.log(0, 0, 0);
    skipping.addRecord(0, 0, 10);
    skipping.addRecord(0, 1, 10);
    skipping.catchUpFailures.addAll(List.of(fault, fault, fault));

    skipping.assign(0);
    assertThat(skipping.faults.check()).isCompletedExceptionally();
    for (int i = 0; i < 20; i++) {
      skipping.turn();
    }

    skipping.expect(0, 1);
    assertThat(skipping.told).noneMatch(told -> told.startsWith("skipped"));
    assertThat(skipping.reading.inUse()).isZero();
  }

  @Test
  void faultOfTheMachine_isTriedAtABoundedRate() {
    earliest.log(0, 0, 0);
    earliest.addRecord(0, 0, 10);
    earliest.catchUpFailures.add(new OutOfMemoryError("Java heap space"));
    for (int i = 0; i < 1_000; i++) {
      earliest.catchUpFailures.add(new KafkaException(new OutOfMemoryError("Java heap space")));
    }

    earliest.assign(0);

    assertThat(earliest.catchUpFailures).hasSizeGreaterThan(990);
    assertThat(earliest.reading.inUse()).isZero();
  }

  @Test
  void refusedLogin_isWaitedOutWhileReading() {
    earliest.log(0, 0, 0);
    earliest.addRecord(0, 0, 10);
    earliest.catchUpFailures.add(new SaslAuthenticationException("no such user"));
    earliest.tail.failures.add(new SaslAuthenticationException("no such user"));
    earliest.assign(0);
    earliest.turn();

    earliest.addRecord(0, 1, 10);
    earliest.turn();

    earliest.expect(0, 1);
    assertThat(earliest.faults.check()).isCompletedExceptionally();
  }

  @Test
  void tailUnreadableByTheMachine_leavesEachGroupToItself() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.tail.failures.add(new UnsatisfiedLinkError("no codec"));

    earliest.turn();

    earliest.addRecord(0, 0, 10);
    earliest.expect(0);
  }

  @Test
  void logCutAtTheEnd_isReportedAndReadFromTheCut() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    for (int offset = 0; offset < 5; offset++) {
      earliest.addRecord(0, offset, 10);
    }
    for (int i = 0; i < 5; i++) {
      earliest.turn();
    }
    earliest.expect(0, 1, 2, 3, 4);
    earliest.logs.get(id(0)).cut(3);
    for (int offset = 3; offset < 8; offset++) {
      earliest.addRecord(0, offset, 20);
    }

    earliest.turn();

    earliest.expect(3, 4, 5, 6, 7);
    assertThat(earliest.told).endsWith("skipped 0 TRUNCATION 0");
  }

  @Test
  void logCutBeforeTheTailWasRead_isReadFromTheCut() {
    for (int offset = 0; offset < 5; offset++) {
      earliest.log(0, 0, offset);
      earliest.addRecord(0, offset, 10);
    }
    earliest.assign(0);
    earliest.expect(0, 1, 2, 3, 4);
    earliest.turn();
    assertThat(earliest.isAtTail(0)).isTrue();
    earliest.logs.get(id(0)).cut(3);
    for (int offset = 3; offset < 8; offset++) {
      earliest.addRecord(0, offset, 20);
    }

    earliest.turn();

    earliest.expect(3, 4, 5, 6, 7);
    assertThat(earliest.told).endsWith("skipped 0 TRUNCATION 0");
  }

  @Test
  void logCutAndGrownBeforeTheFirstRecord_isReadFromTheCut() {
    var latest = new SteppedSubscription(AutoOffsetReset.LATEST, 4);
    latest.log(0, 0, 0);
    for (int offset = 0; offset < 5; offset++) {
      latest.addRecord(0, offset, 10);
    }
    latest.assign(0);
    latest.turn();
    latest.logs.get(id(0)).cut(3);
    for (int offset = 3; offset < 8; offset++) {
      latest.addRecord(0, offset, 20);
    }

    latest.turn();

    latest.expect(3, 4, 5, 6, 7);
  }

  @Test
  void logCutWithoutReadAhead_isReadFromTheCut() {
    earliest.log(0, 0, 0);
    for (int offset = 0; offset < 10; offset++) {
      earliest.addRecord(0, offset, SteppedSubscription.PREFETCH_BYTES / 2);
    }
    earliest.assign(0);
    earliest.turn();
    earliest.logs.get(id(0)).cut(1);
    for (int offset = 1; offset < 6; offset++) {
      earliest.addRecord(0, offset, 20);
    }

    // Two are held ready, and are what was in the log when they were read.
    earliest.expect(0, 1, 1, 2, 3, 4, 5);
    assertThat(earliest.told).endsWith("skipped 0 TRUNCATION 0");
  }

  @Test
  void refusalOfTheLog_endsTheSubscription() {
    earliest.log(0, 0, 0);
    earliest.addRecord(0, 0, 10);
    earliest.catchUpFailures.add(new TopicAuthorizationException("topic"));

    assertThatThrownBy(() -> earliest.assign(0))
        .isInstanceOfSatisfying(
            StorageException.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.REFUSED));
  }

  @Test
  void unreadableRecord_failsItsPartitionOnly() {
    earliest.log(0, 0, 0);
    earliest.addRecord(0, 0, 10);
    earliest.log(1, 0, 10).unreadable = 0;
    earliest.assign(0, 1);
    var read = earliest.readers.get(1).read();

    earliest.turn();

    var failure = failure(read);
    assertThat(failure.kind()).isEqualTo(Kind.DATA_LOSS);
    assertThat(failure).hasMessageContaining("partition=1 offset=0").hasMessageContaining("crc");
    assertThat(failure(earliest.readers.get(1).read()).kind()).isEqualTo(Kind.DATA_LOSS);
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(0L);
  }

  @Test
  void recordsBeforeAnUnreadableOne_areReadAndASeekGoesPastIt() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.addRecord(0, 0, 10);
    earliest.turn();
    earliest.log(0, 0, 3).unreadable = 1;
    earliest.turn();

    var reader = earliest.readers.get(0);
    assertThat(offsets(reader.read())).containsExactly(0L);
    earliest.turn();
    assertThat(failure(reader.read())).hasMessageContaining("offset=1");

    reader.seek(2);
    earliest.addRecord(0, 2, 10);
    earliest.turn();
    assertThat(offsets(reader.read())).containsExactly(2L);
  }

  @Test
  void unreadableRecords_arePassedOverWhereConfigured() {
    var skipping = new SteppedSubscription(AutoOffsetReset.EARLIEST, 4, true);
    skipping.log(0, 0, 0);
    skipping.addRecord(0, 0, 10);
    skipping.assign(0);
    var reader = skipping.readers.get(0);
    assertThat(offsets(reader.read())).containsExactly(0L);
    skipping.log(0, 0, 2).unreadable = 1;
    skipping.addRecord(0, 2, 10);
    var behind = reader.read().toCompletableFuture();
    // As long as the member has not told of it, nothing behind the gap is answered.
    for (int i = 0; i < 10; i++) {
      skipping.turnTail();
      skipping.turnCatchUps();
    }
    assertThat(skipping.told).noneMatch(told -> told.startsWith("skipped"));
    assertThat(behind).isNotDone();

    skipping.turn();

    assertThat(skipping.told).endsWith("skipped 0 CORRUPTION 1");
    assertThat(offsets(behind)).containsExactly(2L);
  }
}
