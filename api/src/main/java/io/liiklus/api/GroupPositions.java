package io.liiklus.api;

import java.util.Map;

/**
 * Positions of one group version in one topic, stored or to be stored. Immutable.
 *
 * @param offsets by partition: the last acknowledged offset, -1 where the group was sent back to
 *     offset 0; never empty
 */
public record GroupPositions(String topic, GroupId group, Map<Integer, Long> offsets) {

  public GroupPositions {
    offsets = Map.copyOf(offsets);
  }
}
