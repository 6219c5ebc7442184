package io.liiklus.api;

import java.util.Objects;

/**
 * Group version and partition that a position belongs to. Immutable.
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
