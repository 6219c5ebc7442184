package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.session.AckBatch.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Acks of one group version in one topic, by position: those that are due at the same time are
 * written together. Confined to its shard's event loop.
 *
 * <p>A group with something to write takes a turn of the {@link WriteRateLimiter}. Where the turn
 * is now, all that is due is written at once, beside other writes of the group that are under way;
 * else the group queues, once, and all of its positions that are due when its turn comes are one
 * write. A group with a flush writes at once, as one that is not paced, and its turn counts all the
 * same.
 */
final class GroupAcks {

  /** The positions' topic and group. Immutable. */
  record Key(String topic, GroupId group) {

    static Key of(PositionId id) {
      return new Key(id.topic(), id.group());
    }
  }

  /** Bound on the positions of one write, so that no write delays its storage for long. */
  static final int MAX_POSITIONS = 256;

  /** Most groups have acks of few partitions at a time. */
  private static final int FIRST_ROOM = 4;

  private final Key key;
  private final AckShard shard;

  /** By partition. */
  private final Map<Integer, PositionAcks> positions = new HashMap<>(FIRST_ROOM);

  /** Positions that wait to be written, and neither for the end of a write nor of a rest. */
  private final Queue<PositionAcks> due = new ArrayDeque<>(FIRST_ROOM);

  /** Set while a turn that was taken is to come. */
  private boolean isQueued;

  GroupAcks(Key key, AckShard shard) {
    this.key = key;
    this.shard = shard;
  }

  Key key() {
    return key;
  }

  /** Returns false, and does nothing, where as many acks as may be wait for the position. */
  boolean add(int partition, long offset, Waiter waiter) {
    var position = positions.get(partition);
    if (position == null) {
      position = new PositionAcks(partition);
      positions.put(partition, position);
    } else if (position.waiting() >= shard.maxPerPosition()) {
      return false;
    }
    if (position.add(offset, waiter)) {
      due.add(position);
      writeDue();
    }
    return true;
  }

  /** Completes when the acks of the position that wait now are answered. */
  void flush(int partition, CompletableFuture<Void> flushed) {
    var position = positions.get(partition);
    if (position == null) {
      flushed.complete(null);
      return;
    }
    position.addFlush(flushed);
    if (due.contains(position)) {
      writeAll();
    }
  }

  /** The turn that the group waited for has come. */
  void onTurn() {
    isQueued = false;
    if (due.isEmpty()) {
      shard.endTurn();
    } else {
      write();
    }
  }

  /** Writes positions that are due again: at once where a flush waits for one of them. */
  private void writeAgain(List<PositionAcks> again) {
    due.addAll(again);
    if (again.stream().anyMatch(PositionAcks::isFlushed)) {
      writeAll();
    } else {
      writeDue();
    }
  }

  /** Writes now; a turn that the group waits for stays, for later acks. */
  private void writeAll() {
    while (!due.isEmpty()) {
      shard.takeTurnNow();
      writeSome();
    }
  }

  /** Writes the due positions, or queues for a turn. */
  private void writeDue() {
    if (!due.isEmpty() && !isQueued) {
      if (shard.takeTurn(this, hasSingleAck())) {
        write();
      } else {
        isQueued = true;
      }
    }
  }

  /** Returns whether no more than one ack waits for the due positions. */
  private boolean hasSingleAck() {
    return due.size() == 1 && due.element().waiting() == 1;
  }

  /** One write, for one turn, of as much as it may hold; the rest takes the next turn. */
  private void write() {
    writeSome();
    writeDue();
  }

  private void writeSome() {
    var written = beginWrite();
    shard.store(values(written), failure -> onWritten(written, failure));
  }

  private List<PositionAcks> beginWrite() {
    int count = Math.min(due.size(), MAX_POSITIONS);
    var taken = new ArrayList<PositionAcks>(count);
    for (int i = 0; i < count; i++) {
      var position = due.remove();
      position.beginWrite();
      taken.add(position);
    }
    return taken;
  }

  private GroupPositions values(List<PositionAcks> taken) {
    if (taken.size() == 1) {
      var only = taken.get(0);
      return new GroupPositions(key.topic(), key.group(), Map.of(only.partition(), only.offset()));
    }
    var offsets = new HashMap<Integer, Long>(2 * taken.size());
    for (var position : taken) {
      offsets.put(position.partition(), position.offset());
    }
    return new GroupPositions(key.topic(), key.group(), offsets);
  }

  /**
   * @param failure null: stored
   */
  private void onWritten(List<PositionAcks> written, StorageException failure) {
    if (failure != null && failure.kind() == Kind.UNAVAILABLE) {
      onAway(written, failure);
      return;
    }
    var again = new ArrayList<PositionAcks>(written.size());
    for (var position : written) {
      var answered = position.endWrite();
      if (position.hasCollected()) {
        again.add(position);
      } else {
        forget(position);
      }
      shard.answer(answered, failure);
    }
    writeAgain(again);
  }

  private void onAway(List<PositionAcks> written, StorageException failure) {
    long nowNs = shard.nowNs();
    var resting = new ArrayList<PositionAcks>(written.size());
    int failures = 0;
    for (var position : written) {
      var expired = position.retry(nowNs, failure);
      if (position.hasCollected()) {
        resting.add(position);
        failures = Math.max(failures, position.failures());
      } else {
        forget(position);
      }
      shard.answer(expired, failure);
    }
    if (!resting.isEmpty()) {
      shard.afterRest(failures, () -> writeAgain(resting));
    }
  }

  private void forget(PositionAcks position) {
    positions.remove(position.partition());
    if (positions.isEmpty()) {
      shard.forget(this);
    }
  }
}
