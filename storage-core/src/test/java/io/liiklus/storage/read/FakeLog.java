package io.liiklus.storage.read;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What servers have of one partition, for {@link FakeLogReader}. Confined to the test's thread. */
final class FakeLog {

  /** A record, and the epoch of the leader that wrote it. */
  record Entry(long offset, int epoch, ByteBuffer value) {}

  long start;
  final TreeMap<Long, Entry> records = new TreeMap<>();

  /** A record here cannot be read; -1: all can be. */
  long unreadable = -1;

  long end;

  /** Of the leader of now. */
  int epoch;

  /** From here to there is nothing that readers see, as after an aborted transaction. */
  final Map<Long, Long> hidden = new HashMap<>();

  /** By epoch: where the log of the leaders up to it parts from what it is now. */
  private final TreeMap<Integer, Long> ends = new TreeMap<>();

  /** Appends a record of so many bytes at the offset, which may leave a gap. */
  void add(long offset, int bytes) {
    records.put(offset, new Entry(offset, epoch, ByteBuffer.allocate(bytes)));
    end = Math.max(end, offset + 1);
  }

  /** A leader comes that has nothing from here on. */
  void cut(long at) {
    ends.put(epoch, at);
    ends.replaceAll((of, before) -> Math.min(before, at));
    epoch++;
    records.tailMap(at).clear();
    end = at;
  }

  /** Where the log of the epoch's leader parts from what it is now. */
  long endOf(int ofEpoch) {
    var cut = ends.ceilingEntry(ofEpoch);
    return cut == null ? Long.MAX_VALUE : cut.getValue();
  }
}
