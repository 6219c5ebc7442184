package io.liiklus.server.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.server.inflight.DeadLetter.Outcome;
import io.liiklus.server.inflight.Nack.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Records that come again, in which order, and those that are given up. */
class InflightPartitionTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Nack RETRY = new Nack(Action.RETRY, OptionalLong.empty(), "why");

  private static final GroupId GROUP = new GroupId("group", 0);

  private final UnackedBudget budget = new UnackedBudget(1_000_000);
  private final InflightMetrics metrics = new InflightMetrics();
  private InflightPartition partition;
  private long nowNs;

  @Test
  void nackedRecord_comesAgainAfterABackoffThatDoubles() {
    open(RetryOrder.NONE, 0);
    send(0, 3);

    nack(RETRY, 1);
    assertThat(partition.retryDelayNs(nowNs)).isEqualTo(SECOND);
    assertThat(resent()).isEmpty();
    nowNs += SECOND;
    assertThat(resent()).containsExactly("1#2");

    nack(RETRY, 1);
    assertThat(partition.retryDelayNs(nowNs)).isEqualTo(2 * SECOND);
    nowNs += 2 * SECOND;
    assertThat(resent()).containsExactly("1#3");
    nack(RETRY, 1);
    nowNs += 100;
    nack(RETRY, 1);
    assertThat(partition.retryDelayNs(nowNs)).isEqualTo(4 * SECOND - 100);
  }

  @Test
  void backoff_isNoLongerThanTheLongestAndItsJitter() {
    var rules = new RetryRules(0, Duration.ofSeconds(1), Duration.ofSeconds(5), RetryOrder.NONE);

    assertThat(rules.backoffNs(3, () -> 0)).isEqualTo(4 * SECOND);
    assertThat(rules.backoffNs(4, () -> 0)).isEqualTo(5 * SECOND);
    assertThat(rules.backoffNs(Integer.MAX_VALUE, () -> 1)).isEqualTo(6 * SECOND);
  }

  @Test
  void delay_comesBeforeTheBackoff() {
    open(RetryOrder.NONE, 0);
    send(0, 1);

    nack(new Nack(Action.RETRY, OptionalLong.of(0), ""), 0);

    assertThat(resent()).containsExactly("0#2");
  }

  @Test
  void ack_beatsAPendingRetry() {
    open(RetryOrder.NONE, 0);
    send(0, 2);
    nack(RETRY, 0, 1);

    partition.ack(0);
    partition.ackUpTo(1);

    assertThat(partition.retryDelayNs(nowNs)).isEqualTo(Long.MAX_VALUE);
    assertThat(partition.position()).isEqualTo(1);
    assertThat(partition.waiting()).isZero();
  }

  @Test
  void recordThatIsNotOut_isNotNacked() {
    open(RetryOrder.NONE, 0);
    send(0, 2);
    partition.ack(0);

    nack(RETRY, 0, 7);
    nack(RETRY, 1);
    nack(new Nack(Action.SKIP, OptionalLong.empty(), ""), 1);

    assertThat(partition.waiting()).isEqualTo(1);
    assertThat(partition.position()).isEqualTo(0);
  }

  @Test
  void skippedRecord_isAcked() {
    open(RetryOrder.PARTITION, 0);
    send(0, 2);

    nack(new Nack(Action.SKIP, OptionalLong.empty(), ""), 0);

    assertThat(partition.position()).isEqualTo(0);
    assertThat(partition.unacked()).isEqualTo(1);
  }

  @Test
  void nackInOrderOfThePartition_takesBackAllBehindIt() {
    open(RetryOrder.PARTITION, 0);
    send(0, 5);
    partition.ack(3);

    nack(RETRY, 1);
    assertThat(partition.room()).isZero();
    assertThat(resent()).isEmpty();
    nowNs += SECOND;

    assertThat(resent()).containsExactly("1#2", "2#1", "4#1");
    assertThat(partition.room()).isPositive();
  }

  @Test
  void earlierNackInOrder_letsLaterOnesKeepTheirTimes() {
    open(RetryOrder.PARTITION, 0);
    send(0, 4);

    nack(new Nack(Action.RETRY, OptionalLong.of(5 * SECOND), ""), 2);
    nack(new Nack(Action.RETRY, OptionalLong.of(SECOND), ""), 0);
    nowNs += SECOND;
    assertThat(resent()).containsExactly("0#2", "1#1");
    nowNs += 4 * SECOND;

    assertThat(resent()).containsExactly("2#2", "3#1");
  }

  @Test
  void nackInOrderOfTheKey_takesBackThoseOfItsKeyAlone() {
    open(RetryOrder.KEY, 0);
    send(0, 6);

    nack(RETRY, 0);
    nowNs += SECOND;

    // Even ones are of one key, odd ones of another.
    assertThat(resent()).containsExactly("0#2", "2#1", "4#1");
  }

  @Test
  void laterRecordsOfTheKey_areHeldBehindTheFirst() {
    open(RetryOrder.KEY, 0);
    send(0, 2);
    nack(RETRY, 0);

    var batch = batch(2, 3);
    assertThat(partition.sendable(batch, 0)).isZero();
    partition.hold(batch, 0, nowNs);
    assertThat(partition.sendable(batch, 1)).isEqualTo(1);
    partition.onSent(batch, 1, 1, 10, nowNs);
    partition.ackUpTo(3);
    assertThat(partition.position()).isEqualTo(1);
    nowNs += SECOND;

    assertThat(resent()).containsExactly("2#1");
    partition.ackUpTo(3);
    assertThat(partition.position()).isEqualTo(3);
  }

  @Test
  void nullKeys_keepNoOrder() {
    var rules = new RetryRules(0, Duration.ofSeconds(1), Duration.ofSeconds(60), RetryOrder.KEY);
    partition =
        new InflightPartition(
            new WindowLimits(100, 10_000, 1_000),
            rules,
            budget.open(() -> {}),
            metrics.open("topic", GROUP),
            () -> 0);
    partition.onSent(NumberedBatch.of(0, 3), 0, 3, 30, 0);

    nack(RETRY, 0);

    assertThat(partition.waiting()).isEqualTo(1);
    assertThat(partition.sendable(NumberedBatch.of(3, 2), 0)).isEqualTo(2);
  }

  @Test
  void usedUpAttempts_makeADeadLetterThatCountsAsAckedOnceStored() {
    open(RetryOrder.NONE, 2);
    send(0, 2);
    nack(RETRY, 0);
    nowNs += SECOND;
    assertThat(resent()).containsExactly("0#2");

    nack(RETRY, 0);
    var letter = partition.pollDeadLetter(nowNs).orElseThrow();
    assertThat(letter.offset()).isZero();
    assertThat(letter.attempts()).isEqualTo(2);
    assertThat(letter.reason()).isEqualTo("why");
    partition.onDeadLetter(0, Outcome.FAILED, nowNs);
    assertThat(partition.pollDeadLetter(nowNs)).isEmpty();
    assertThat(partition.position()).isEqualTo(InflightPartition.NONE);
    nowNs += partition.deadLetterDelayNs(nowNs);
    assertThat(partition.pollDeadLetter(nowNs)).isPresent();
    partition.onDeadLetter(0, Outcome.STORED, nowNs);

    assertThat(partition.position()).isZero();
  }

  @Test
  void deadLetters_areOnTheirWayInABoundedNumber() {
    open(RetryOrder.NONE, 0);
    send(0, 40);
    nack(new Nack(Action.DEAD_LETTER, OptionalLong.empty(), ""), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    nack(new Nack(Action.DEAD_LETTER, OptionalLong.empty(), ""), 10, 11, 12, 13, 14, 15, 16, 17);
    int polled = 0;
    while (partition.pollDeadLetter(nowNs).isPresent()) {
      polled++;
    }

    assertThat(polled).isEqualTo(DeadLetterQueue.MAX_ON_THEIR_WAY);
    assertThat(partition.deadLetterDelayNs(nowNs)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void deadLettersWithoutRoom_allWaitForIt() {
    open(RetryOrder.NONE, 0);
    send(0, 3);
    nack(new Nack(Action.DEAD_LETTER, OptionalLong.empty(), ""), 0, 1, 2);
    assertThat(partition.pollDeadLetter(nowNs)).isPresent();

    partition.onDeadLetter(0, Outcome.NO_ROOM, nowNs);

    assertThat(partition.pollDeadLetter(nowNs)).isEmpty();
    assertThat(partition.deadLetterDelayNs(nowNs)).isEqualTo(DeadLetterQueue.NO_ROOM_DELAY_NS);
    nowNs += DeadLetterQueue.NO_ROOM_DELAY_NS;
    for (long offset = 0; offset < 3; offset++) {
      assertThat(partition.pollDeadLetter(nowNs).orElseThrow().offset()).isEqualTo(offset);
    }
  }

  @Test
  void report_isThatOfThePartition() {
    open(RetryOrder.NONE, 0);
    send(0, 3);
    nack(RETRY, 1);
    nowNs += 7;

    metrics.forEach(
        group -> {
          assertThat(group.unacked()).isEqualTo(3);
          assertThat(group.retries()).isEqualTo(1);
          assertThat(group.oldestAgeNs(nowNs)).isEqualTo(7);
        });
    partition.close();
    metrics.forEach(group -> Assertions.fail("%s is shown", group.topic()));
    assertThat(budget.bytes()).isZero();
  }

  private void open(RetryOrder order, int maxAttempts) {
    var rules = new RetryRules(maxAttempts, Duration.ofSeconds(1), Duration.ofSeconds(60), order);
    partition =
        new InflightPartition(
            new WindowLimits(100, 10_000, 1_000),
            rules,
            budget.open(() -> {}),
            metrics.open("topic", GROUP),
            () -> 0);
  }

  private static NumberedBatch batch(long first, int count) {
    return NumberedBatch.keyed(offset -> offset % 2 == 0 ? "even" : "odd", first, count);
  }

  private void send(long first, int count) {
    partition.onSent(batch(first, count), 0, count, 10L * count, nowNs);
  }

  private void nack(Nack nack, long... offsets) {
    partition.nack(Arrays.stream(offsets).boxed().toList(), nack, nowNs);
  }

  /** Offset and attempt of each. */
  private List<String> resent() {
    var sent = new ArrayList<String>();
    partition.resend(
        nowNs,
        (batch, index, attempt) -> {
          assertThat(NumberedBatch.number(batch, index)).isEqualTo(batch.offset(index));
          sent.add(batch.offset(index) + "#" + attempt);
          return true;
        });
    return sent;
  }
}
