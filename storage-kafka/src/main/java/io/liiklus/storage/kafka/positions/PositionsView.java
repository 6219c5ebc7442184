package io.liiklus.storage.kafka.positions;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * All positions, as they are at an offset of the topic. What it answers does not change afterwards.
 * Thread-safe: guarded by itself; written by the thread that reads the topic.
 */
final class PositionsView {

  private record Group(String topic, String name) {}

  /** Most groups have few partitions on few versions. */
  private static final int FIRST_ROOM = 2;

  /** By version, then partition. */
  private final Map<Group, SortedMap<Integer, Map<Integer, Long>>> groups = new HashMap<>();

  /** Each once, as many groups have the same topic. */
  private final Map<String, String> topics = new HashMap<>();

  /** The offset of the first record that is not in here. Any thread. */
  private volatile long end;

  private int count;

  /** The same, for any thread. */
  private volatile int size;

  /** Where the view ends. */
  long end() {
    return end;
  }

  /** How many positions there are. */
  int size() {
    return size;
  }

  /** The answer, where the view has come as far as to this offset; else empty. */
  synchronized <T> Optional<T> answer(long wantedEnd, Supplier<T> question) {
    return end >= wantedEnd ? Optional.of(question.get()) : Optional.empty();
  }

  /** Takes all of the records in order; the view then ends at this offset. */
  synchronized void apply(List<PositionRecord> records, long newEnd) {
    for (var record : records) {
      if (record.offset().isPresent()) {
        put(record.id(), record.offset().getAsLong());
      } else {
        remove(record.id());
      }
    }
    size = count;
    end = newEnd;
  }

  /** Empties the view, which is to be read again from the start of the log. */
  synchronized void restart() {
    groups.clear();
    topics.clear();
    count = 0;
    size = 0;
    end = 0;
  }

  private void put(PositionId id, long offset) {
    var name = new Group(topics.computeIfAbsent(id.topic(), same -> same), id.group().name());
    var before =
        groups
            .computeIfAbsent(name, group -> new TreeMap<>())
            .computeIfAbsent(id.group().version(), version -> new HashMap<>(FIRST_ROOM))
            .put(id.partition(), offset);
    if (before == null) {
      count++;
    }
  }

  private void remove(PositionId id) {
    var name = new Group(id.topic(), id.group().name());
    var versions = groups.get(name);
    var positions = versions == null ? null : versions.get(id.group().version());
    if (positions == null || positions.remove(id.partition()) == null) {
      return;
    }
    count--;
    if (positions.isEmpty()) {
      versions.remove(id.group().version());
    }
    if (versions.isEmpty()) {
      groups.remove(name);
    }
  }

  /** How many of these partitions of a group have no position. */
  synchronized int unknown(GroupPositions positions) {
    var known = find(positions.topic(), positions.group());
    return (int)
        positions.offsets().keySet().stream().filter(one -> !known.containsKey(one)).count();
  }

  synchronized Map<Integer, Long> find(String topic, GroupId group) {
    var versions = groups.get(new Group(topic, group.name()));
    return versions == null
        ? Map.of()
        : Map.copyOf(versions.getOrDefault(group.version(), Map.of()));
  }

  synchronized SortedMap<Integer, Map<Integer, Long>> findVersions(String topic, String name) {
    var found = new TreeMap<Integer, Map<Integer, Long>>();
    groups
        .getOrDefault(new Group(topic, name), new TreeMap<>())
        .forEach((version, positions) -> found.put(version, Map.copyOf(positions)));
    return found;
  }

  synchronized List<GroupPositions> findAll() {
    var all = new ArrayList<GroupPositions>(groups.size());
    groups.forEach(
        (group, versions) ->
            versions.forEach(
                (version, positions) ->
                    all.add(
                        new GroupPositions(
                            group.topic(), new GroupId(group.name(), version), positions))));
    return all;
  }
}
