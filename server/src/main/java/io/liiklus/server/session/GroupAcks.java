package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The positions of one group version in one topic that have acks: those that are due at the same
 * time are written together. Confined to its lane's event loop.
 */
final class GroupAcks {

  /** Whose positions. Immutable. */
  record Key(String topic, GroupId group) {

    static Key of(PositionId id) {
      return new Key(id.topic(), id.group());
    }
  }

  /** How many one write may hold, so that none holds up its storage for long. */
  static final int MAX_POSITIONS = 256;

  private final Key key;
  private final Queue<PositionAcks> due = new ArrayDeque<>();
  private int positions;
  private boolean isUrgent;
  private boolean isQueued;
  private long turnNs;

  GroupAcks(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  void onAdded() {
    positions++;
  }

  /** Returns whether there is no position left. */
  boolean onRemoved() {
    return --positions == 0;
  }

  void addDue(PositionAcks position) {
    position.becomeDue();
    due.add(position);
    isUrgent |= position.isFlushed();
  }

  boolean hasDue() {
    return !due.isEmpty();
  }

  /** Whether no more than one ack waits for what is due. */
  boolean hasSingleAck() {
    return due.size() == 1 && due.element().waiting() == 1;
  }

  /** From now until nothing is due, writes do not wait for their turn. */
  void flushNow() {
    isUrgent = true;
  }

  boolean isUrgent() {
    return isUrgent;
  }

  /** Whether a turn was taken that is to come. */
  boolean isQueued() {
    return isQueued;
  }

  void queue(long atNs) {
    isQueued = true;
    turnNs = atNs;
  }

  void unqueue() {
    isQueued = false;
  }

  long turnNs() {
    return turnNs;
  }

  /** Begins a write of what is due, up to {@link #MAX_POSITIONS}. */
  List<PositionAcks> beginWrite() {
    int count = Math.min(due.size(), MAX_POSITIONS);
    var taken = new ArrayList<PositionAcks>(count);
    for (int i = 0; i < count; i++) {
      var position = due.remove();
      position.beginWrite();
      taken.add(position);
    }
    isUrgent &= !due.isEmpty();
    return taken;
  }

  GroupPositions values(List<PositionAcks> taken) {
    if (taken.size() == 1) {
      var only = taken.get(0);
      return new GroupPositions(
          key.topic(), key.group(), Map.of(only.id().partition(), only.offset()));
    }
    var offsets = new HashMap<Integer, Long>(2 * taken.size());
    for (var position : taken) {
      offsets.put(position.id().partition(), position.offset());
    }
    return new GroupPositions(key.topic(), key.group(), offsets);
  }
}
