package io.liiklus.server.session;

import java.util.Collection;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Text of partitions for logs: {@code 0-31,40}. Immutable. */
public final class PartitionRanges {

  private PartitionRanges() {}

  public static String text(Collection<Integer> partitions) {
    var text = new StringJoiner(",");
    var sorted = new TreeSet<>(partitions);
    while (!sorted.isEmpty()) {
      int first = sorted.pollFirst();
      int last = first;
      while (sorted.remove(last + 1)) {
        last++;
      }
      text.add(first == last ? Integer.toString(first) : first + "-" + last);
    }
    return text.toString();
  }
}
