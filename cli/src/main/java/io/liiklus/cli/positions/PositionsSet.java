package io.liiklus.cli.positions;

import io.liiklus.api.GroupPositions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Positions by group version in a topic, then by partition, sorted. Confined to the command. */
public final class PositionsSet {

  private final SortedMap<TopicGroup, SortedMap<Integer, Long>> groups = new TreeMap<>();

  /** Those of what is stored that are selected. */
  public static PositionsSet of(List<GroupPositions> stored, Predicate<TopicGroup> isSelected) {
    var set = new PositionsSet();
    for (var positions : stored) {
      var key = new TopicGroup(positions.topic(), positions.group());
      if (isSelected.test(key)) {
        set.add(key, positions.offsets());
      }
    }
    return set;
  }

  public void add(TopicGroup key, Map<Integer, Long> offsets) {
    groups.computeIfAbsent(key, added -> new TreeMap<>()).putAll(offsets);
  }

  public SortedMap<TopicGroup, SortedMap<Integer, Long>> groups() {
    return groups;
  }

  public long count() {
    return groups.values().stream().mapToLong(Map::size).sum();
  }
}
