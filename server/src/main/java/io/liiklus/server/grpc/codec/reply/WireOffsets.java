package io.liiklus.server.grpc.codec.reply;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import java.util.HashMap;
import java.util.Map;

/** Conversion of the ends of logs to the wire's end offsets. Immutable. */
public final class WireOffsets {

  private WireOffsets() {}

  /** The offset before the log's end, whether or not a record stands there; -1 where that is 0. */
  public static long end(OffsetRange range) {
    return Offsets.previous(range.end());
  }

  /** The wire's end offsets of all partitions. */
  public static Map<Integer, Long> ends(Map<Integer, OffsetRange> ranges) {
    var ends = new HashMap<Integer, Long>();
    ranges.forEach((partition, range) -> ends.put(partition, end(range)));
    return ends;
  }
}
