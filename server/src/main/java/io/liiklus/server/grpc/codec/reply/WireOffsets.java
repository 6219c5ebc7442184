package io.liiklus.server.grpc.codec.reply;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import java.util.HashMap;
import java.util.Map;

/** Turns the ends of logs into what the wire calls an end offset. */
public final class WireOffsets {

  private WireOffsets() {}

  /** The offset before the log's end, whether or not a record stands there; -1 where that is 0. */
  public static long end(OffsetRange range) {
    return Offsets.previous(range.end());
  }

  /** The same of every partition. */
  public static Map<Integer, Long> ends(Map<Integer, OffsetRange> ranges) {
    var ends = new HashMap<Integer, Long>();
    ranges.forEach((partition, range) -> ends.put(partition, end(range)));
    return ends;
  }
}
