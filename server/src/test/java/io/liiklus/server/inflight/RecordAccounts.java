package io.liiklus.server.inflight;

import io.liiklus.server.inflight.Nack.Action;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plain account of each record of a partition: what has become of it in the assignment of now, and
 * whether it ever had an end. Confined to one test.
 */
final class RecordAccounts {

  private static final String[] KEYS = {"a", "b", "c", null};

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
  private final int maxAttempts;

  /** Of records that were read in this assignment and are not all stored, by offset. */
  private final TreeMap<Long, Account> accounts = new TreeMap<>();

  private final Map<Long, Integer> ends = new HashMap<>();

  RecordAccounts(RetryOrder order, int maxAttempts) {
    this.order = order;
    this.maxAttempts = maxAttempts;
  }

  static String key(long offset) {
    return KEYS[(int) (offset * 7 % KEYS.length)];
  }

  /** Another assignment begins. */
  void clear() {
    accounts.clear();
  }

  void onSent(long offset) {
    accounts.put(offset, new Account());
    requireInOrder(offset);
  }

  void onHeld(long offset) {
    var held = new Account();
    held.state = State.WAITING;
    held.attempts = 0;
    accounts.put(offset, held);
  }

  /** It cannot be read, and the client has acked it all the same. */
  void onPassed(long offset) {
    accounts.put(offset, new Account());
    onAcked(offset);
  }

  void onAcked(long offset) {
    var account = accounts.get(offset);
    if (account != null && account.attempts > 0 && account.state != State.DONE) {
      account.state = State.DONE;
      ends.merge(offset, 1, Integer::sum);
    }
  }

  void onAckedUpTo(long offset) {
    List.copyOf(accounts.headMap(offset, true).keySet()).forEach(this::onAcked);
  }

  void onNacked(long offset, Action action) {
    var account = accounts.get(offset);
    if (account == null || account.state != State.OUT) {
      return;
    }
    if (action == Action.SKIP) {
      onAcked(offset);
    } else if (action == Action.DEAD_LETTER || account.attempts >= maxAttempts) {
      account.state = State.DEAD;
    } else {
      account.state = State.WAITING;
      account.attempts++;
      takeBack(offset);
    }
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

  void onResent(long offset, int attempts) {
    var account = accounts.get(offset);
    require(account != null && account.state == State.WAITING, "%d was resent", offset);
    requireInOrder(offset);
    account.state = State.OUT;
    account.attempts = Math.max(1, account.attempts);
    require(account.attempts == attempts, "%d: attempt %d", offset, attempts);
  }

  void onDeadLetterStored(long offset) {
    var account = accounts.get(offset);
    if (account != null && account.state == State.DEAD) {
      onAcked(offset);
    }
  }

  void onStored(long position) {
    accounts.headMap(position, true).clear();
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

  /** All up to the position is done, and what is behind it is not. */
  void requirePosition(long position) {
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

  /** How many are not done. */
  long open() {
    return accounts.values().stream().filter(one -> one.state != State.DONE).count();
  }

  /** Offsets of those that the client has, the last one first. */
  List<Long> outFromTheLast() {
    var out = new ArrayList<Long>();
    accounts.forEach(
        (offset, account) -> {
          if (account.state == State.OUT) {
            out.add(offset);
          }
        });
    Collections.reverse(out);
    return out;
  }

  boolean isEmpty() {
    return accounts.isEmpty();
  }

  void requireEndOfEach(long end) {
    for (long offset = 0; offset < end; offset++) {
      require(ends.containsKey(offset), "%d had no end", offset);
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is none of the tests' libraries.
  static void require(boolean holds, String text, Object... parts) {
    if (!holds) {
      throw new AssertionError(text.formatted(parts));
    }
  }

  @Override
  public String toString() {
    return accounts.keySet().toString();
  }
}
