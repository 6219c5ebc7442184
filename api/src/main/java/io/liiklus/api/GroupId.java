package io.liiklus.api;

import java.util.Objects;

/**
 * A consumer group and the generation of its positions. All versions of one name share the
 * partitions of a topic; each has positions of its own. Immutable.
 *
 * <p>With version 0 a name {@code <name>-v<N>} stands for version N of {@code <name>}; the last
 * {@code -v<digits>} counts, zeros may lead, and N is at most 2^31-1. With any other version a name
 * is taken as it is. {@link #of} and {@link #canonical} apply that rule; the constructor does not.
 *
 * @param name what the storage knows the group by
 * @param version from 0
 */
public record GroupId(String name, int version) implements Comparable<GroupId> {

  private static final String VERSION_MARK = "-v";

  public GroupId {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name is empty");
    }
    if (version < 0) {
      throw new IllegalArgumentException("version is negative: " + version);
    }
  }

  /**
   * The group that a client names.
   *
   * @throws IllegalArgumentException where the name ends in a version and there is no name before
   *     it, or the version is too high; the message says what is allowed
   */
  public static GroupId of(String name, int version) {
    var asTold = new GroupId(name, version);
    int mark = version == 0 ? versionMark(name) : -1;
    if (mark < 0) {
      return asTold;
    }
    if (mark == 0) {
      throw new IllegalArgumentException("a name before its version");
    }
    var canonical = asTold.canonical();
    if (canonical.name.length() == name.length()) {
      throw new IllegalArgumentException(
          "a version in the name, behind -v, of at most " + Integer.MAX_VALUE);
    }
    return canonical;
  }

  /** The same group by the rule above; this one where the rule does not fit its name. */
  public GroupId canonical() {
    int mark = version == 0 ? versionMark(name) : -1;
    if (mark <= 0) {
      return this;
    }
    try {
      int named = Integer.parseInt(name.substring(mark + VERSION_MARK.length()));
      return new GroupId(name.substring(0, mark), named);
    } catch (NumberFormatException tooHigh) {
      return this;
    }
  }

  /** Index of {@code -v<digits>} at the end of the name; negative without it. */
  private static int versionMark(String name) {
    int digits = name.length();
    while (digits > 0 && name.charAt(digits - 1) >= '0' && name.charAt(digits - 1) <= '9') {
      digits--;
    }
    int mark = digits - VERSION_MARK.length();
    return digits < name.length() && name.startsWith(VERSION_MARK, mark) ? mark : -1;
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
