package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.Offsets;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stored positions of one group, as its sessions use them. Immutable. */
final class Positions {

  private final PositionsStorage storage;
  private final RecordsStorage records;
  private final String topic;
  private final GroupId group;

  /**
   * What decides where partitions begin. Immutable.
   *
   * @param stored positions by partition
   * @param committed by partition: where the group left off without the gateway, as far as that
   *     counts
   */
  record Found(Map<Integer, Long> stored, Map<Integer, Long> committed) {}

  Positions(PositionsStorage storage, RecordsStorage records, String topic, GroupId group) {
    this.storage = storage;
    this.records = records;
    this.topic = topic;
    this.group = group;
  }

  CompletionStage<SortedMap<Integer, Map<Integer, Long>>> ofAllVersions() {
    return storage.findVersions(topic, group.name());
  }

  /**
   * What decides where an assignment of these partitions begins. The log's own group is asked where
   * a partition has no position.
   */
  CompletionStage<Found> forAssignment(Set<Integer> partitions) {
    if (group.version() == 0) {
      return ofAllVersions()
          .thenCompose(versions -> found(lowestFirst(versions.values()), versions, partitions));
    }
    return storage
        .find(topic, group)
        .thenCompose(
            stored ->
                stored.keySet().containsAll(partitions)
                    ? CompletableFuture.completedStage(new Found(stored, Map.of()))
                    : ofAllVersions().thenCompose(versions -> found(stored, versions, partitions)));
  }

  /**
   * What is committed counts for partitions without a position of any version, as long as no lower
   * version has one in the topic: a group that moves to the gateway keeps its place, whichever
   * member is given a partition first. A further version is there to read again, by its reset.
   */
  private CompletionStage<Found> found(
      Map<Integer, Long> stored,
      SortedMap<Integer, Map<Integer, Long>> versions,
      Set<Integer> partitions) {
    boolean isFirst = versions.headMap(group.version()).isEmpty();
    if (!isFirst || stored.keySet().containsAll(partitions)) {
      return CompletableFuture.completedStage(new Found(stored, Map.of()));
    }
    return records
        .committedOffsets(topic, group)
        .thenApply(committed -> new Found(stored, without(versions.values(), committed)));
  }

  private static Map<Integer, Long> without(
      Collection<Map<Integer, Long>> versions, Map<Integer, Long> committed) {
    var left = new HashMap<>(committed);
    versions.forEach(positions -> left.keySet().removeAll(positions.keySet()));
    return left;
  }

  /**
   * The position, by partition, that an assignment goes on from. Version 0 takes over, where it has
   * none of its own, that of the lowest version that has one.
   */
  CompletionStage<Map<Integer, Long>> stored() {
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
