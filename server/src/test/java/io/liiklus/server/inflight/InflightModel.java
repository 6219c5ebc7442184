package io.liiklus.server.inflight;

import io.liiklus.server.inflight.Nack.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * One partition whose assignments follow one another, and a plain account of each of its records.
 * Confined to one test.
 */
final class InflightModel {

  private static final WindowLimits LIMITS = new WindowLimits(12, 150, 20);
  private static final int BYTES = 10;
  private static final int MAX_ATTEMPTS = 3;
  private static final long MAX_DELAY_NS = 1_000;
  private static final String[] KEYS = {"a", "b", "c", null};

  private enum Kind {
    SEND,
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

  private enum State {
    OUT,
    WAITING,
    DEAD,
    DONE
  }

  /** What is known of a record in the current assignment. */
  private static final class Account {
    private State state = State.OUT;
    private int attempts = 1;
  }

  private final RetryOrder order;
  private final UnackedBudget budget = new UnackedBudget(1_000_000);
  private final InflightMetrics metrics = new InflightMetrics();
  private final List<Long> onTheirWay = new ArrayList<>();
  private final Map<Long, Integer> outcomes = new HashMap<>();

  private InflightPartition partition;

  /** Records that were read in this assignment and not all stored, by offset. */
  private TreeMap<Long, Account> accounts = new TreeMap<>();

  private long nowNs;
  private long next;
  private long lastPosition;
  private long storedPosition = -1;

  InflightModel(RetryOrder order) {
    this.order = order;
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
    partition = new InflightPartition(LIMITS, rules, share, metrics.open(), () -> 0.5);
    accounts = new TreeMap<>();
    onTheirWay.clear();
    next = storedPosition + 1;
    lastPosition = InflightPartition.NONE;
  }

  private void run(Step step) {
    long any = storedPosition + 1 + step.a() % 25;
    switch (step.kind()) {
      case SEND -> send(1 + step.a() % 6);
      case ACK -> ack(any);
      case ACK_UP_TO -> ackUpTo(any);
      case RETRY -> nack(any, step.b(), Action.RETRY);
      case GIVE_UP -> nack(any, step.b(), Action.DEAD_LETTER);
      case SKIP -> nack(any, step.b(), Action.SKIP);
      case PASS_TIME -> nowNs += 20L * step.b();
      case RESEND -> resend(1 + step.a() % 5);
      case POLL_DEAD -> pollDead();
      case DEAD_STORED -> onDead(step.a(), true);
      case DEAD_FAILED -> onDead(step.a(), false);
      case STORE -> store();
      case COPY -> partition.copyOlderThan(nowNs - 20L * step.b());
      case REVOKE -> revoke();
    }
  }

  private static String key(long offset) {
    return KEYS[(int) (offset * 7 % KEYS.length)];
  }

  private void send(int wanted) {
    var batch = NumberedBatch.keyed(InflightModel::key, next, wanted);
    int index = 0;
    while (index < wanted && partition.room() > 0) {
      int count = Math.min(partition.sendable(batch, index), partition.room());
      if (count == 0) {
        partition.hold(batch, index, nowNs);
        var held = new Account();
        held.state = State.WAITING;
        held.attempts = 0;
        accounts.put(batch.offset(index++), held);
        continue;
      }
      for (int i = index; i < index + count; i++) {
        accounts.put(batch.offset(i), new Account());
        requireInOrder(batch.offset(i));
      }
      partition.onSent(batch, index, count, (long) BYTES * count, nowNs);
      index += count;
    }
    next += index;
  }

  /** Nothing before it, of what it may not overtake, waits to be sent. */
  private void requireInOrder(long offset) {
    accounts
        .headMap(offset)
        .forEach(
            (before, account) ->
                require(
                    account.state != State.WAITING || !isBound(before, offset),
                    "%d was sent before %d",
                    offset,
                    before));
  }

  private boolean isBound(long one, long other) {
    return switch (order) {
      case NONE -> false;
      case KEY -> key(one) != null && key(one).equals(key(other));
      case PARTITION -> true;
    };
  }

  private void ack(long offset) {
    partition.ack(offset);
    done(offset);
  }

  private void done(long offset) {
    var account = accounts.get(offset);
    if (account != null && account.attempts > 0 && account.state != State.DONE) {
      account.state = State.DONE;
      outcomes.merge(offset, 1, Integer::sum);
    }
  }

  private void ackUpTo(long offset) {
    partition.ackUpTo(offset);
    List.copyOf(accounts.headMap(offset, true).keySet()).forEach(this::done);
  }

  private void nack(long first, int spread, Action action) {
    var offsets = LongStream.of(first, first + 1 + spread % 4).boxed().toList();
    var delay = spread % 3 == 0 ? OptionalLong.of(20L * spread % MAX_DELAY_NS) : noDelay();
    partition.nack(offsets, new Nack(action, delay, "reason"), nowNs);
    for (long offset : offsets) {
      var account = accounts.get(offset);
      if (account == null || account.state != State.OUT) {
        continue;
      }
      boolean isGivenUp = action == Action.DEAD_LETTER || account.attempts >= MAX_ATTEMPTS;
      if (action == Action.SKIP) {
        done(offset);
      } else if (isGivenUp) {
        account.state = State.DEAD;
      } else {
        account.state = State.WAITING;
        account.attempts++;
        takeBack(offset);
      }
    }
  }

  private static OptionalLong noDelay() {
    return OptionalLong.empty();
  }

  private void takeBack(long nacked) {
    accounts
        .tailMap(nacked, false)
        .forEach(
            (offset, account) -> {
              if (account.state == State.OUT && isBound(nacked, offset)) {
                account.state = State.WAITING;
              }
            });
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
          var account = accounts.get(offset);
          require(account != null && account.state == State.WAITING, "%d was resent", offset);
          requireInOrder(offset);
          account.state = State.OUT;
          account.attempts = Math.max(1, account.attempts);
          require(account.attempts == attempts, "%d: attempt %d", offset, attempts);
          return true;
        });
  }

  private void pollDead() {
    partition.pollDeadLetter(nowNs).ifPresent(letter -> onTheirWay.add(letter.offset()));
  }

  private void onDead(int which, boolean isStored) {
    if (onTheirWay.isEmpty()) {
      return;
    }
    long offset = onTheirWay.remove(which % onTheirWay.size());
    partition.onDeadLetter(offset, isStored, nowNs);
    var account = accounts.get(offset);
    if (isStored && account != null && account.state == State.DEAD) {
      done(offset);
    }
  }

  private void store() {
    if (partition.position() != InflightPartition.NONE) {
      storedPosition = partition.position();
      partition.onStored(partition.passed());
      accounts.headMap(storedPosition, true).clear();
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
      accounts
          .headMap(position, true)
          .forEach(
              (offset, account) ->
                  require(account.state == State.DONE, "%d was passed by %d", offset, position));
      var behind = accounts.higherEntry(position);
      require(
          behind == null || behind.getValue().state != State.DONE,
          "the position %d is behind what is done",
          position);
    }
    long open = accounts.values().stream().filter(one -> one.state != State.DONE).count();
    require(partition.unacked() == open, "unacked %d of %d", partition.unacked(), open);
    require(open <= LIMITS.maxRecords(), "%d are out", open);
    require(partition.ahead() <= LIMITS.maxAhead(), "%d are ahead", partition.ahead());
    require(metrics.unacked() == open, "metrics show %d", metrics.unacked());
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
      onDead(0, true);
      var out = new ArrayList<Long>();
      accounts.forEach(
          (offset, account) -> {
            if (account.state == State.OUT) {
              out.add(offset);
            }
          });
      Collections.reverse(out);
      out.forEach(this::ack);
      check();
      store();
    }
    require(isSettled(end), "records are left: %s", accounts.keySet());
    require(partition.waiting() == 0, "%d wait for nothing", partition.waiting());
    for (long offset = 0; offset < end; offset++) {
      require(outcomes.containsKey(offset), "%d had no end", offset);
    }
  }

  private boolean isSettled(long end) {
    return storedPosition == end - 1 && accounts.isEmpty();
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is none of the tests' libraries.
  private static void require(boolean holds, String text, Object... parts) {
    if (!holds) {
      throw new AssertionError(text.formatted(parts));
    }
  }
}
