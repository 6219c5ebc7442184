package io.liiklus.api;

import java.util.Objects;

/**
 * Whose position, and in which partition. Immutable.
 *
 * @param partition from 0
 */
public record PositionId(String topic, GroupId group, int partition) {

  public PositionId {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(group, "group");
    if (partition < 0) {
      throw new IllegalArgumentException("partition is negative: " + partition);
    }
  }
}
