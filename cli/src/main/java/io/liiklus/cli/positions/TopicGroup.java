package io.liiklus.cli.positions;

import io.liiklus.api.GroupId;
import java.util.Comparator;

/** A group version in a topic. Immutable. */
public record TopicGroup(String topic, GroupId group) implements Comparable<TopicGroup> {

  private static final Comparator<TopicGroup> ORDER =
      Comparator.comparing(TopicGroup::topic).thenComparing(TopicGroup::group);

  @Override
  public int compareTo(TopicGroup other) {
    return ORDER.compare(this, other);
  }
}
