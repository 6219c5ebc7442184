package io.liiklus.storage.group;

import java.util.BitSet;

/** Text of a set of partitions: {@code 0-3,7}, or {@code -} for none. Immutable. */
final class PartitionRanges {

  /** Past it a number is no partition, and its set would fill the memory. */
  static final int MOST_PARTITIONS = 1 << 20;

  private static final String NONE = "-";

  private PartitionRanges() {}

  static String format(BitSet partitions) {
    if (partitions.isEmpty()) {
      return NONE;
    }
    var text = new StringBuilder();
    for (int from = partitions.nextSetBit(0); from >= 0; ) {
      int end = partitions.nextClearBit(from);
      text.append(text.length() > 0 ? "," : "").append(from);
      if (end - from > 1) {
        text.append('-').append(end - 1);
      }
      from = partitions.nextSetBit(end);
    }
    return text.toString();
  }

  /**
   * @throws IllegalArgumentException where the text is none of these
   */
  static BitSet parse(String text) {
    var partitions = new BitSet();
    if (text.equals(NONE)) {
      return partitions;
    }
    for (var range : text.split(",", -1)) {
      int dash = range.indexOf('-');
      int from = number(dash < 0 ? range : range.substring(0, dash));
      int to = dash < 0 ? from : number(range.substring(dash + 1));
      if (to < from) {
        throw new IllegalArgumentException("no range of partitions: " + range);
      }
      partitions.set(from, to + 1);
    }
    return partitions;
  }

  private static int number(String text) {
    int number = Integer.parseInt(text);
    if (number < 0 || number >= MOST_PARTITIONS) {
      throw new IllegalArgumentException("no number of a partition: " + text);
    }
    return number;
  }
}
