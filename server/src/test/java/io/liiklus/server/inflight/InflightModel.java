package io.liiklus.server.inflight;

import static io.liiklus.server.inflight.RecordAccounts.require;

import io.liiklus.api.GroupId;
import io.liiklus.server.inflight.DeadLetter.Outcome;
import io.liiklus.server.inflight.Nack.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * One partition whose assignments follow one another, beside {@link RecordAccounts}. Confined to
 * one test.
 */
final class InflightModel {

  private static final WindowLimits LIMITS = new WindowLimits(12, 150, 20);
  private static final int BYTES = 10;
  private static final int MAX_ATTEMPTS = 3;
  private static final long MAX_DELAY_NS = 1_000;
  private static final GroupId GROUP = new GroupId("group", 0);

  private enum Kind {
    SEND,
    PASS_UNREADABLE,
    ACK,
    ACK_UP_TO,
    RETRY,
    GIVE_UP,
    SKIP,
    PASS_TIME,
    RESEND,
    POLL_DEAD,
    DEAD_STORED,
    DEAD_FAILED,
    DEAD_WITHOUT_ROOM,
    STORE,
    COPY,
    REVOKE
  }

  /** What happens next; the numbers choose among what there is. */
  record Step(Kind kind, int a, int b) {

    static Step random(Random random) {
      var kinds = Kind.values();
      // Records are to be out, and the rest is to be tried on them.
      var kind = random.nextInt(4) == 0 ? Kind.SEND : kinds[random.nextInt(kinds.length)];
      return new Step(kind, random.nextInt(50), random.nextInt(50));
    }
  }

  private final RetryOrder order;
  private final RecordAccounts accounts;
  private final UnackedBudget budget = new UnackedBudget(1_000_000);
  private final InflightMetrics metrics = new InflightMetrics();
  private final List<Long> onTheirWay = new ArrayList<>();

  private InflightPartition partition;

  private long nowNs;
  private long next;
  private long lastPosition;
  private long storedPosition = -1;

  InflightModel(RetryOrder order) {
    this.order = order;
    this.accounts = new RecordAccounts(order, MAX_ATTEMPTS);
    assign();
  }

  void run(List<Step> script) {
    for (var step : script) {
      run(step);
      check();
    }
    settle();
  }

  private void assign() {
    var rules = new RetryRules(MAX_ATTEMPTS, Duration.ofNanos(50), Duration.ofNanos(400), order);
    var share = budget.open(() -> {});
    var report = metrics.open("topic", GROUP);
    partition = new InflightPartition(LIMITS, rules, share, report, () -> 0.5);
    accounts.clear();
    onTheirWay.clear();
    next = storedPosition + 1;
    lastPosition = InflightPartition.NONE;
  }

  private void run(Step step) {
    long any = storedPosition + 1 + step.a() % 25;
    switch (step.kind()) {
      case SEND -> send(1 + step.a() % 6);
      case PASS_UNREADABLE -> pass();
      case ACK -> ack(any);
      case ACK_UP_TO -> ackUpTo(any);
      case RETRY -> nack(any, step.b(), Action.RETRY);
      case GIVE_UP -> nack(any, step.b(), Action.DEAD_LETTER);
      case SKIP -> nack(any, step.b(), Action.SKIP);
      case PASS_TIME -> nowNs += 20L * step.b();
      case RESEND -> resend(1 + step.a() % 5);
      case POLL_DEAD -> pollDead();
      case DEAD_STORED -> onDead(step.a(), Outcome.STORED);
      case DEAD_FAILED -> onDead(step.a(), Outcome.FAILED);
      case DEAD_WITHOUT_ROOM -> onDead(step.a(), Outcome.NO_ROOM);
      case STORE -> store();
      case COPY -> partition.copyOlderThan(nowNs - 20L * step.b());
      case REVOKE -> revoke();
    }
  }

  private void send(int wanted) {
    var batch = NumberedBatch.keyed(RecordAccounts::key, next, wanted);
    int index = 0;
    while (index < wanted && partition.room() > 0) {
      int count = Math.min(partition.sendable(batch, index), partition.room());
      if (count == 0) {
        partition.hold(batch, index, nowNs);
        accounts.onHeld(batch.offset(index++));
        continue;
      }
      for (int i = index; i < index + count; i++) {
        accounts.onSent(batch.offset(i));
      }
      partition.onSent(batch, index, count, (long) BYTES * count, nowNs);
      index += count;
    }
    next += index;
  }

  private void pass() {
    if (partition.room() > 0) {
      partition.pass(next);
      accounts.onPassed(next++);
    }
  }

  private void ack(long offset) {
    partition.ack(offset);
    accounts.onAcked(offset);
  }

  private void ackUpTo(long offset) {
    partition.ackUpTo(offset);
    accounts.onAckedUpTo(offset);
  }

  private void nack(long first, int spread, Action action) {
    var offsets = LongStream.of(first, first + 1 + spread % 4).boxed().toList();
    var delay =
        spread % 3 == 0 ? OptionalLong.of(20L * spread % MAX_DELAY_NS) : OptionalLong.empty();
    partition.nack(offsets, new Nack(action, delay, "reason"), nowNs);
    offsets.forEach(offset -> accounts.onNacked(offset, action));
  }

  private void resend(int room) {
    int[] left = {room};
    partition.resend(
        nowNs,
        (batch, index, attempts) -> {
          if (left[0]-- == 0) {
            return false;
          }
          long offset = batch.offset(index);
          require(NumberedBatch.number(batch, index) == offset, "%d has another's value", offset);
          accounts.onResent(offset, attempts);
          return true;
        });
  }

  private void pollDead() {
    partition.pollDeadLetter(nowNs).ifPresent(letter -> onTheirWay.add(letter.offset()));
  }

  private void onDead(int which, Outcome outcome) {
    if (onTheirWay.isEmpty()) {
      return;
    }
    long offset = onTheirWay.remove(which % onTheirWay.size());
    partition.onDeadLetter(offset, outcome, nowNs);
    if (outcome == Outcome.STORED) {
      accounts.onDeadLetterStored(offset);
    }
  }

  private void store() {
    if (partition.position() != InflightPartition.NONE) {
      storedPosition = partition.position();
      partition.onStored(partition.passed());
      accounts.onStored(storedPosition);
    }
  }

  private void revoke() {
    store();
    partition.close();
    require(budget.bytes() == 0, "bytes are left: %d", budget.bytes());
    assign();
  }

  private void check() {
    long position = partition.position();
    require(position >= lastPosition, "the position went back to %d", position);
    lastPosition = position;
    if (position != InflightPartition.NONE) {
      accounts.requirePosition(position);
    }
    long open = accounts.open();
    require(partition.unacked() == open, "unacked %d of %d", partition.unacked(), open);
    require(open <= LIMITS.maxRecords(), "%d are out", open);
    require(partition.ahead() <= LIMITS.maxAhead(), "%d are ahead", partition.ahead());
    require(partition.runs() <= open, "%d runs are kept for %d", partition.runs(), open);
    metrics.forEach(group -> require(group.unacked() == open, "metrics show %d", group.unacked()));
    require(budget.bytes() == partition.bytes(), "%d bytes are counted", budget.bytes());
    require(open > 0 || partition.bytes() == 0, "%d bytes count", partition.bytes());
  }

  /** Whatever has happened, all ends when the client acks and the storages work. */
  private void settle() {
    long end = next;
    for (int turn = 0; turn < 1_000 && !isSettled(end); turn++) {
      nowNs += DeadLetterQueue.LONGEST_DELAY_NS;
      resend(Integer.MAX_VALUE);
      pollDead();
      onDead(0, Outcome.STORED);
      accounts.outFromTheLast().forEach(this::ack);
      check();
      store();
    }
    require(isSettled(end), "records are left: %s", accounts);
    require(partition.waiting() == 0, "%d wait for nothing", partition.waiting());
    accounts.requireEndOfEach(end);
  }

  private boolean isSettled(long end) {
    return storedPosition == end - 1 && accounts.isEmpty();
  }
}
