package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.Offsets;
import io.liiklus.api.PositionsStorage;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/** Stored positions of one group, as its sessions use them. Immutable. */
final class Positions {

  private final PositionsStorage storage;
  private final String topic;
  private final GroupId group;

  Positions(PositionsStorage storage, String topic, GroupId group) {
    this.storage = storage;
    this.topic = topic;
    this.group = group;
  }

  CompletionStage<SortedMap<Integer, Map<Integer, Long>>> ofAllVersions() {
    return storage.findVersions(topic, group.name());
  }

  /**
   * The position, by partition, that an assignment goes on from. Version 0 takes over, where it has
   * none of its own, that of the lowest version that has one.
   */
  CompletionStage<Map<Integer, Long>> forAssignment() {
    return group.version() == 0
        ? ofAllVersions().thenApply(versions -> lowestFirst(versions.values()))
        : storage.find(topic, group);
  }

  /** The own position's resume offset, or {@link Assignment#NONE}. */
  static long ownResume(Map<Integer, Map<Integer, Long>> versions, int version, int partition) {
    var position = versions.getOrDefault(version, Map.of()).get(partition);
    return position == null ? Assignment.NONE : Offsets.next(position);
  }

  /** The highest position of any version, or -1. */
  static long highest(Map<Integer, Map<Integer, Long>> versions, int partition) {
    long highest = -1;
    for (var positions : versions.values()) {
      highest = Math.max(highest, positions.getOrDefault(partition, -1L));
    }
    return highest;
  }

  private static Map<Integer, Long> lowestFirst(Collection<Map<Integer, Long>> versions) {
    var positions = new HashMap<Integer, Long>();
    for (var ofVersion : versions) {
      ofVersion.forEach(positions::putIfAbsent);
    }
    return positions;
  }
}
