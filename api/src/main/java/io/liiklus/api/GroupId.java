package io.liiklus.api;

import java.util.Objects;

/**
 * A consumer group and the generation of its positions. All versions of one name share out the
 * partitions of a topic between them; each has positions of its own. Immutable.
 *
 * @param name what the storage knows the group by
 * @param version from 0
 */
public record GroupId(String name, int version) implements Comparable<GroupId> {

  public GroupId {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name is empty");
    }
    if (version < 0) {
      throw new IllegalArgumentException("version is negative: " + version);
    }
  }

  @Override
  public int compareTo(GroupId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Integer.compare(version, other.version);
  }

  @Override
  public String toString() {
    return name + ":" + version;
  }
}
