package io.liiklus.server.inflight;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Records of one partition that are to be sent again, by time. Of each lane the first one alone is
 * looked at, so that those behind it come after it. It has no more records than the window that
 * they are out in. Confined to its partition's owner.
 */
final class RetryQueue {

  private final RetryOrder order;

  /** First records of lanes, and those without a lane. */
  private final TreeSet<TrackedRecord> heads = new TreeSet<>(TrackedRecord::byTime);

  /** Those that are not empty. */
  private final Map<ByteBuffer, RetryLane> lanesByKey = new HashMap<>();

  private final RetryLane laneOfAll = new RetryLane(null);
  private int size;

  RetryQueue(RetryOrder order) {
    this.order = order;
  }

  int size() {
    return size;
  }

  /** Whether no later record of the partition may be sent. */
  boolean blocksPartition() {
    return order == RetryOrder.PARTITION && size > 0;
  }

  /** Whether records of some keys have to wait. */
  boolean blocksKeys() {
    return order == RetryOrder.KEY && !lanesByKey.isEmpty();
  }

  /** Whether a record of this key, which may be null, has to wait. */
  boolean blocks(ByteBuffer key) {
    return key != null && lanesByKey.containsKey(key);
  }

  /** Has a record wait until {@link TrackedRecord#dueNs}, and for those of its lane before it. */
  void add(TrackedRecord record, ByteBuffer key) {
    record.state = TrackedRecord.State.WAITING;
    record.lane = lane(key);
    size++;
    if (record.lane == null) {
      heads.add(record);
      return;
    }
    var waiting = record.lane.waiting;
    var head = waiting.isEmpty() ? null : waiting.firstEntry().getValue();
    waiting.put(record.offset, record);
    if (record.lane.isHead(record)) {
      if (head != null) {
        heads.remove(head);
      }
      heads.add(record);
    }
  }

  private RetryLane lane(ByteBuffer key) {
    return switch (order) {
      case NONE -> null;
      case PARTITION -> laneOfAll;
      case KEY -> {
        if (key == null) {
          yield null;
        }
        var known = lanesByKey.get(key);
        if (known == null) {
          // The key's buffer may pin a whole batch.
          var own = ByteBuffer.allocate(key.remaining()).put(key.duplicate()).flip();
          known = new RetryLane(own);
          lanesByKey.put(own, known);
        }
        yield known;
      }
    };
  }

  /** The next record, where its time has come; else null. */
  TrackedRecord peek(long nowNs) {
    var next = heads.isEmpty() ? null : heads.first();
    return next != null && next.dueNs - nowNs <= 0 ? next : null;
  }

  /** Takes out a record that waits, which lets the one behind it in its lane be the first. */
  void remove(TrackedRecord record) {
    size--;
    heads.remove(record);
    var lane = record.lane;
    record.lane = null;
    if (lane == null) {
      return;
    }
    lane.waiting.remove(record.offset);
    if (!lane.waiting.isEmpty()) {
      // Where it is the first already, nothing changes.
      heads.add(lane.waiting.firstEntry().getValue());
    } else if (lane.key != null) {
      lanesByKey.remove(lane.key);
    }
  }

  /** Time until the next record's time has come; {@link Long#MAX_VALUE}: nothing waits. */
  long delayNs(long nowNs) {
    return heads.isEmpty() ? Long.MAX_VALUE : Math.max(0, heads.first().dueNs - nowNs);
  }
}
