package io.liiklus.storage.kafka.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;

/** What becomes of a consumer's failures, fetch by fetch. */
class KafkaCatchUpReaderTest {

  private static final LogId LOG = new LogId("topic", 0, "1");
  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final int MAX_POLL_RECORDS = 2;

  private final LogConsumer.Log log = new LogConsumer.Log();
  private final Queue<Throwable> failures = new ArrayDeque<>();

  /** Whether each consumer that was opened is for single records. */
  private final List<Boolean> opened = new ArrayList<>();

  private final List<Consumer<?, ?>> closed = new ArrayList<>();
  private final KafkaCatchUpReader reader =
      new KafkaCatchUpReader(
          isForSingleRecords -> {
            opened.add(isForSingleRecords);
            return new LogConsumer(Map.of(ID, log), failures);
          },
          new StandingFaults(() -> 0),
          closed::add,
          MAX_POLL_RECORDS);

  KafkaCatchUpReaderTest() {
    for (long offset = 0; offset < 10; offset++) {
      log.records.put(offset, LogConsumer.record(ID, offset, 0, ByteBuffer.allocate(10)));
    }
    log.end = 10;
    reader.assign(List.of(LOG));
    seek(0);
  }

  private void seek(long offset) {
    reader.seek(LOG, FetchPosition.named(offset));
  }

  private List<FetchOutcome> fetch() {
    return reader.fetch(Duration.ZERO);
  }

  private static long offset(FetchOutcome outcome) {
    return ((FetchOutcome.Records) outcome).batch().offset(0);
  }

  @Test
  void error_hasRecordsReadOneByOneAsFarAsThePollMayHaveCome() {
    failures.add(new UnsatisfiedLinkError("no codec"));

    assertThat(fetch()).containsExactly(new FetchOutcome.PlaceLost());
    seek(0);
    assertThat(offset(fetch().get(0))).isZero();
    var last = fetch();
    assertThat(offset(last.get(0))).isEqualTo(1);
    assertThat(last.get(1)).isEqualTo(new FetchOutcome.PlaceLost());
    seek(2);
    assertThat(offset(fetch().get(0))).isEqualTo(2);

    assertThat(opened).containsExactly(false, true, false);
    assertThat(closed).hasSize(2);
  }

  @Test
  void errorOfASingleRecord_isAFaultOfTheMachine() {
    var fault = new UnsatisfiedLinkError("no codec");
    failures.add(fault);
    failures.add(fault);

    fetch();
    seek(0);
    assertThat(fetch()).containsExactly(new FetchOutcome.MachineFault(fault));
    reader.assign(List.of());

    assertThat(closed).hasSize(2).doesNotContainNull();
  }

  @Test
  void damagedRecord_isFetchedTwiceBeforeItIsUnreadable() {
    log.records.remove(0L);
    log.unreadable = 0;

    assertThat(fetch()).isEmpty();
    assertThat(fetch())
        .singleElement()
        .isInstanceOfSatisfying(
            FetchOutcome.Unreadable.class, unreadable -> assertThat(unreadable.offset()).isZero());
  }

  @Test
  void failureThatPasses_keepsThePlace() {
    fetch();
    failures.add(new DisconnectException());

    assertThat(fetch())
        .singleElement()
        .isInstanceOfSatisfying(
            FetchOutcome.Away.class, away -> assertThat(away.isLogged()).isFalse());
    assertThat(offset(fetch().get(0))).isEqualTo(1);
  }

  @Test
  void refusedLogin_isLoggedByTheStandingFaultsAlone() {
    failures.add(new SaslAuthenticationException("no such user"));

    assertThat(fetch())
        .singleElement()
        .isInstanceOfSatisfying(
            FetchOutcome.Away.class, away -> assertThat(away.isLogged()).isTrue());
  }

  @Test
  void wakeUp_endsTheNextFetchAlsoWhereTheConsumerIsReplaced() {
    failures.add(new UnsatisfiedLinkError("no codec"));
    fetch();
    seek(0);
    reader.wakeUp();

    assertThat(fetch()).isEmpty();
    assertThat(offset(fetch().get(0))).isZero();
  }
}
