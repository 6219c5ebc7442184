package io.liiklus.faults.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.faults.journal.Event.AckEnded;
import io.liiklus.faults.journal.Event.AckSent;
import io.liiklus.faults.journal.Event.GatewayPaused;
import io.liiklus.faults.journal.Event.GatewayResumed;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.ReceiveOpened;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.journal.Event.Surprise;
import io.liiklus.faults.journal.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Journals written by hand, each with one violation, or with events that look like one. */
class InvariantsTest {

  private static final String GROUP = "g";
  private static final int PARTITION = 0;

  /** Longer than a write that was given up may take. */
  private static final long LONG_NS = History.LATE_WRITE_NS + 1;

  private final List<Event> events = new ArrayList<>();
  private final LogContents log = new LogContents();
  private long nowNs;
  private long numbers;

  /** Records 0 to 9, and a log that has them all. */
  @BeforeEach
  void publish() {
    for (int offset = 0; offset < 10; offset++) {
      log.with(PARTITION, offset, "k:" + offset);
      events.add(new Published(++nowNs, "k", "k:" + offset, PARTITION, offset));
    }
  }

  @Test
  void allReceivedAndAckedInOrder_isNoViolation() {
    receive(0, 1, 2, 3, 4);
    ack(4, "OK");
    receive(5, 6, 7, 8, 9);

    assertThat(violations()).isEmpty();
  }

  @Test
  void answeredRecordMissingFromTheLog_isLost() {
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    events.add(new Published(++nowNs, "other", "other:0", PARTITION, 10));
    log.with(PARTITION, 11, "other:1");

    assertThat(violations()).containsExactly(Kind.PUBLISH_LOST, Kind.NOT_RECEIVED);
  }

  @Test
  void otherRecordAtTheAnsweredOffset_isALoss() {
    log.with(PARTITION, 10, "other:1");
    events.add(new Published(++nowNs, "other", "other:0", PARTITION, 10));

    assertThat(Invariants.publishedStays(History.of(events), log)).hasSize(1);
  }

  @Test
  void recordTwiceInTheLog_wasStoredTwice() {
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    log.with(PARTITION, 10, "k:9");

    assertThat(violations()).containsExactly(Kind.STORED_TWICE);
  }

  @Test
  void reorderedRecordsOfAKey_areReported() {
    log.with(PARTITION, 10, "j:1").with(PARTITION, 11, "j:0");
    events.add(new Published(++nowNs, "j", "j:0", PARTITION, 11));
    events.add(new Published(++nowNs, "j", "j:1", PARTITION, 10));
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    assertThat(violations()).contains(Kind.KEY_OUT_OF_ORDER);
  }

  @Test
  void recordNeverReceivedByAGroup_isReported() {
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8);

    assertThat(violations()).containsExactly(Kind.NOT_RECEIVED);
  }

  @Test
  void recordsOfAnotherGroup_doNotCount() {
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

    assertThat(Invariants.publishedIsReceived(History.of(events), log, "other")).hasSize(10);
  }

  @Test
  void recordsRemovedByRetention_areNotMissed() {
    log.startingAt(PARTITION, 4);
    receive(4, 5, 6, 7, 8, 9);

    assertThat(Invariants.publishedIsReceived(History.of(events), log, GROUP)).isEmpty();
  }

  @Test
  void offsetTwiceInOneReceive_isAStepBack() {
    receive(0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9);

    assertThat(violations()).containsExactly(Kind.STEP_BACK);
  }

  @Test
  void recordLeftOutOfAReceive_isAGap() {
    receive(0, 1, 2, 4, 5, 6, 7, 8, 9);
    receive(0, 1, 2, 3);

    assertThat(violations()).containsExactly(Kind.GAP);
  }

  @Test
  void offsetWithoutRecord_isNoGap() {
    log.with(PARTITION, 12, "after:1").with(PARTITION, 14, "after:2");
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14);

    assertThat(violations()).isEmpty();
  }

  @Test
  void receiveBehindThePosition_skips() {
    receive(0, 1, 2, 3, 4);
    ack(3, "OK");
    receive(5, 6, 7, 8, 9);

    assertThat(violations()).containsExactly(Kind.SKIPPED);
  }

  @Test
  void receiveBehindTheStartWithoutPosition_skips() {
    receive(1, 2, 3, 4, 5, 6, 7, 8, 9);

    assertThat(violations()).containsExactly(Kind.NOT_RECEIVED, Kind.SKIPPED);
  }

  @Test
  void ackedRecordThatComesAgain_isReported() {
    receive(0, 1, 2, 3, 4);
    ack(4, "OK");
    receive(4, 5, 6, 7, 8, 9);

    assertThat(violations()).containsExactly(Kind.ACKED_AGAIN);
  }

  @Test
  void unackedRecord_mayComeAgain() {
    receive(0, 1, 2, 3, 4);
    ack(2, "OK");
    receive(3, 4, 5, 6, 7, 8, 9);

    assertThat(violations()).isEmpty();
  }

  @Test
  void ackUnderWay_mayCountOrNot() {
    receive(0, 1, 2, 3, 4);
    ack(2, "OK");
    long under = sendAck(4, "g1");
    receive(3, 4, 5, 6);
    receive(5, 6, 7, 8, 9);
    endAck(under, "OK");

    assertThat(violations()).isEmpty();
  }

  @Test
  void failedAck_mayMoveThePositionBackALittleLater() {
    receive(0, 1, 2, 3, 4, 5, 6);
    long late = sendAck(2, "g1");
    endAck(late, "UNAVAILABLE");
    ack(6, "OK");
    receive(3, 4, 5, 6, 7, 8, 9);

    assertThat(violations()).isEmpty();
  }

  @Test
  void failedAck_isNotStoredMuchLater() {
    receive(0, 1, 2, 3, 4, 5, 6);
    endAck(sendAck(2, "g1"), "UNAVAILABLE");
    nowNs += LONG_NS;
    ack(6, "OK");
    receive(3, 4, 5, 6, 7, 8, 9);

    assertThat(violations()).containsExactly(Kind.ACKED_AGAIN);
  }

  @Test
  void ackAtAPausedGateway_mayBeStoredWhenItGoesOn() {
    receive(0, 1, 2, 3, 4, 5, 6);
    long late = sendAck(2, "g1");
    events.add(new GatewayPaused(++nowNs, "g1"));
    endAck(late, "DEADLINE_EXCEEDED");
    nowNs += LONG_NS;
    ack(6, "OK");
    nowNs += LONG_NS;
    events.add(new GatewayResumed(++nowNs, "g1"));
    receive(3, 4, 5, 6, 7, 8, 9);

    assertThat(violations()).isEmpty();
  }

  @Test
  void olderAckCalledLast_isThePosition() {
    receive(0, 1, 2, 3, 4);
    ack(4, "OK");
    ack(1, "OK");
    receive(2, 3, 4, 5, 6, 7, 8, 9);

    assertThat(violations()).isEmpty();
  }

  @Test
  void recordMissingFromTheLog_isForeign() {
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    receive(0, "x:0");

    assertThat(violations()).containsExactly(Kind.FOREIGN);
  }

  @Test
  void statusOutsideTheContract_isReported() {
    receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    events.add(new Surprise(++nowNs, GROUP, "m", "Receive ended INTERNAL"));

    assertThat(violations()).containsExactly(Kind.SURPRISE);
  }

  private List<Kind> violations() {
    return Invariants.check(History.of(events), log, List.of(GROUP)).stream()
        .map(Violation::kind)
        .toList();
  }

  private void receive(long... offsets) {
    long number = open();
    for (long offset : offsets) {
      var id = log.records(PARTITION).getOrDefault(offset, "k:" + offset);
      events.add(new Received(++nowNs, number, offset, id));
    }
  }

  private void receive(long offset, String id) {
    events.add(new Received(++nowNs, open(), offset, id));
  }

  private long open() {
    long number = ++numbers;
    events.add(new ReceiveOpened(++nowNs, number, GROUP, "m", PARTITION));
    return number;
  }

  private void ack(long offset, String status) {
    endAck(sendAck(offset, "g1"), status);
  }

  private long sendAck(long offset, String gateway) {
    long number = ++numbers;
    events.add(new AckSent(++nowNs, number, GROUP, gateway, PARTITION, offset));
    return number;
  }

  private void endAck(long ack, String status) {
    events.add(new AckEnded(++nowNs, ack, status));
  }
}
