package io.liiklus.cli.positions;

import io.liiklus.api.GroupPositions;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Difference between wanted positions and those of the target. Confined to the command. */
final class PositionsDifference {

  /** What becomes of one position of the target. */
  enum Kind {
    NEW("new"),
    FORWARD("forward"),
    BACK("back"),
    SAME("same"),
    /** Not wanted, and left alone. */
    ONLY_THERE("only there");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /**
   * One position. Immutable.
   *
   * @param from null: none
   * @param to null: left alone
   */
  record Change(TopicGroup key, int partition, Kind kind, Long from, Long to) {

    /** Columns with tabs between them; {@code -} where there is no offset. */
    String line() {
      return String.join(
          "\t",
          kind.word,
          key.topic(),
          key.group().name(),
          Integer.toString(key.group().version()),
          Integer.toString(partition),
          from == null ? "none" : from.toString(),
          to == null ? "kept" : to.toString());
    }
  }

  private final List<Change> changes = new ArrayList<>();
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

  private PositionsDifference() {}

  static PositionsDifference of(PositionsSet wanted, PositionsSet there) {
    var difference = new PositionsDifference();
    var keys = new TreeSet<>(wanted.groups().keySet());
    keys.addAll(there.groups().keySet());
    for (var key : keys) {
      var to = wanted.groups().getOrDefault(key, new TreeMap<>());
      var from = there.groups().getOrDefault(key, new TreeMap<>());
      var partitions = new TreeSet<>(to.keySet());
      partitions.addAll(from.keySet());
      for (int partition : partitions) {
        difference.add(key, partition, from.get(partition), to.get(partition));
      }
    }
    return difference;
  }

  private void add(TopicGroup key, int partition, Long from, Long to) {
    var kind = kind(from, to);
    counts.merge(kind, 1, Integer::sum);
    if (kind != Kind.SAME) {
      changes.add(new Change(key, partition, kind, from, to));
    }
  }

  private static Kind kind(Long from, Long to) {
    if (to == null) {
      return Kind.ONLY_THERE;
    }
    if (from == null) {
      return Kind.NEW;
    }
    int order = Long.compare(to, from);
    return order == 0 ? Kind.SAME : order > 0 ? Kind.FORWARD : Kind.BACK;
  }

  int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  /** The first of a kind that there is. */
  Change first(Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).findFirst().orElseThrow();
  }

  /** Prints all but what is the same, a line each. */
  void print(PrintStream out) {
    for (var change : changes) {
      out.writeBytes((change.line() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What is to be written, in batches of one group version each. */
  List<GroupPositions> batches(int maxPositions) {
    var byGroup = new LinkedHashMap<TopicGroup, Map<Integer, Long>>();
    var batches = new ArrayList<GroupPositions>();
    Predicate<Change> isWritten = change -> change.kind() != Kind.ONLY_THERE;
    changes.stream()
        .filter(isWritten)
        .forEach(
            change -> {
              var batch = byGroup.computeIfAbsent(change.key(), key -> new TreeMap<>());
              batch.put(change.partition(), change.to());
              if (batch.size() == maxPositions) {
                batches.add(positions(change.key(), batch));
                byGroup.remove(change.key());
              }
            });
    byGroup.forEach((key, batch) -> batches.add(positions(key, batch)));
    return batches;
  }

  private static GroupPositions positions(TopicGroup key, Map<Integer, Long> offsets) {
    return new GroupPositions(key.topic(), key.group(), offsets);
  }

  /** The counts in words. */
  String summary() {
    return "%d new, %d forward, %d back, %d the same, %d only there and left alone"
        .formatted(
            count(Kind.NEW),
            count(Kind.FORWARD),
            count(Kind.BACK),
            count(Kind.SAME),
            count(Kind.ONLY_THERE));
  }
}
