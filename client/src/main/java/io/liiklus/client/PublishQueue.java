package io.liiklus.client;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Records that wait to be sent, by their keys. Confined to the loop.
 *
 * <p>A key has records in one batch at a time, so that one which is sent again cannot come behind a
 * later one of its key. Records without a key have no order.
 */
final class PublishQueue {

  private record Key(String topic, ByteString key) {}

  /** The records of one key, the next one first. */
  static final class KeyLane {

    /** Null: of records without a key. */
    private final Key key;

    private final Deque<PendingRecord> waiting = new ArrayDeque<>();
    private boolean isOut;
    private boolean isReady;

    private KeyLane(Key key) {
      this.key = key;
    }

    boolean isOrdered() {
      return key != null;
    }
  }

  private final KeyLane keyless = new KeyLane(null);
  private final Map<Key, KeyLane> lanes = new HashMap<>();

  /** Those with records that may be sent, the next one first. */
  private final Deque<KeyLane> ready = new ArrayDeque<>();

  private int count;

  int size() {
    return count;
  }

  void add(PendingRecord record) {
    var request = record.request();
    var lane =
        request.getKey().isEmpty()
            ? keyless
            : lanes.computeIfAbsent(new Key(request.getTopic(), request.getKey()), KeyLane::new);
    record.lane = lane;
    lane.waiting.add(record);
    count++;
    makeReady(lane);
  }

  private void makeReady(KeyLane lane) {
    boolean mayGo = !lane.waiting.isEmpty() && !lane.isOut;
    if (mayGo && !lane.isReady) {
      lane.isReady = true;
      ready.add(lane);
    }
  }

  /** The next records to send; empty where there is none, or where all wait for their keys. */
  List<PendingRecord> next(int maxRecords, int maxBytes) {
    var batch = new ArrayList<PendingRecord>();
    long bytes = 0;
    boolean isFull = false;
    while (!isFull && !ready.isEmpty()) {
      var lane = ready.element();
      while (!lane.waiting.isEmpty() && !isFull) {
        var record = lane.waiting.element();
        isFull =
            batch.size() >= maxRecords || (!batch.isEmpty() && bytes + record.bytes() > maxBytes);
        if (!isFull) {
          batch.add(lane.waiting.remove());
          lane.isOut = lane.isOrdered();
          bytes += record.bytes();
        }
      }
      if (lane.isOut || lane.waiting.isEmpty()) {
        ready.remove();
        lane.isReady = false;
      }
    }
    count -= batch.size();
    return batch;
  }

  /**
   * The batch is answered.
   *
   * @param again those of its records that are to be sent again, in their order
   */
  void settle(List<PendingRecord> batch, List<PendingRecord> again) {
    for (ListIterator<PendingRecord> last = again.listIterator(again.size());
        last.hasPrevious(); ) {
      var record = last.previous();
      record.lane.waiting.addFirst(record);
      count++;
    }
    for (var record : batch) {
      var lane = record.lane;
      lane.isOut = false;
      makeReady(lane);
      forgetEmpty(lane);
    }
  }

  private void forgetEmpty(KeyLane lane) {
    if (lane.isOrdered() && lane.waiting.isEmpty() && !lane.isOut) {
      lanes.remove(lane.key);
    }
  }

  /** Takes out the records whose time is over. */
  List<PendingRecord> expire(long nowNs) {
    return take(record -> record.isLate(nowNs));
  }

  /** Takes out all records. */
  List<PendingRecord> clear() {
    return take(record -> true);
  }

  private List<PendingRecord> take(Predicate<PendingRecord> isTaken) {
    var late = new ArrayList<PendingRecord>();
    var all = new ArrayList<>(lanes.values());
    all.add(keyless);
    for (var lane : all) {
      // The next one is the oldest, but where one is sent again.
      while (!lane.waiting.isEmpty() && isTaken.test(lane.waiting.element())) {
        late.add(lane.waiting.remove());
      }
      if (lane.waiting.isEmpty() && lane.isReady) {
        ready.remove(lane);
        lane.isReady = false;
      }
      forgetEmpty(lane);
    }
    count -= late.size();
    return late;
  }
}
