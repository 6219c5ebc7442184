package io.liiklus.storage.group;

import java.util.Set;

/**
 * A partition of a topic as its log has it. Immutable.
 *
 * @param parents partitions that must have been read to their end before this one, as with shards
 *     that were split; mostly empty
 */
public record LogPartition(int id, Set<Integer> parents) {

  public LogPartition {
    parents = Set.copyOf(parents);
  }
}
