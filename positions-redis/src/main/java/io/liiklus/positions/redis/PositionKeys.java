package io.liiklus.positions.redis;

import io.liiklus.api.GroupId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of our keys, formatted and parsed. A topic has no {@code ':'} and a version is a number, so
 * a key is read from both ends and a group may have any text. Immutable.
 *
 * <p>A group {@code <name>-v<N>} of version 0 is, by the rule of {@link GroupId}, version N of
 * {@code <name>}. The original once stored it by its literal name: such a hash is read as (name, N)
 * and never written.
 */
final class PositionKeys {

  /** First character of an index' name, so that it does not begin with the prefix. */
  static final char INDEX_MARK = '~';

  private static final String VERSION_MARK = "-v";
  private static final Pattern GLOB = Pattern.compile("[\\\\*?\\[\\]]");

  private final String prefix;

  PositionKeys(String prefix) {
    this.prefix = prefix;
  }

  /** The key of the positions of one group version. */
  String hash(String topic, String name, int version) {
    return prefix + topic + ":" + name + ":" + version;
  }

  /**
   * The key under which an old release may have stored them.
   *
   * @param digits the version, as it was spelled
   */
  String oldHash(String topic, String name, String digits) {
    return prefix + topic + ":" + name + VERSION_MARK + digits + ":0";
  }

  /** The set of a group's versions. */
  String versionsIndex(String topic, String name) {
    return INDEX_MARK + prefix + topic + ":" + name;
  }

  /** The set of all {@link #member}s. */
  String groupsIndex() {
    return INDEX_MARK + prefix;
  }

  /** The hash of a row of the coordination store. */
  String row(String key) {
    return INDEX_MARK + groupsIndex() + key;
  }

  static String member(String topic, String name) {
    return topic + ":" + name;
  }

  /** Matches every key with the prefix, for {@code SCAN}. */
  String pattern() {
    return GLOB.matcher(prefix).replaceAll("\\\\$0") + "*";
  }

  /** Empty where the key is none of ours. */
  Optional<StoredKey> parse(String key) {
    int last = key.lastIndexOf(':');
    if (!key.startsWith(prefix) || last < prefix.length() || !isVersion(key.substring(last + 1))) {
      return Optional.empty();
    }
    var digits = key.substring(last + 1);
    return parseMember(key.substring(prefix.length(), last))
        .map(group -> named(group.topic(), group.name(), digits));
  }

  private static StoredKey named(String topic, String name, String digits) {
    var asStored = new GroupId(name, number(digits));
    var group = asStored.canonical();
    // The version in a name is kept as it was spelled: it is part of the key.
    return group.equals(asStored)
        ? new StoredKey(topic, name, digits)
        : new StoredKey(
            topic, group.name(), name.substring(group.name().length() + VERSION_MARK.length()));
  }

  /** Empty where it is no {@code <topic>:<group>}. */
  static Optional<TopicGroup> parseMember(String member) {
    int first = member.indexOf(':');
    return first < 1 || first == member.length() - 1
        ? Optional.empty()
        : Optional.of(new TopicGroup(member.substring(0, first), member.substring(first + 1)));
  }

  /** Whether version 0 of this name is a version of another one. */
  static boolean isOldName(String name) {
    return !new GroupId(name, 0).canonical().name().equals(name);
  }

  /** -1 where it is no number up to 2^31-1. Zeros may lead. */
  static int number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException tooHigh) {
      return -1;
    }
  }

  /** Only as we and the original write it: another spelling would be another key. */
  private static boolean isVersion(String digits) {
    int number = number(digits);
    return number >= 0 && digits.equals(Integer.toString(number));
  }

  /** A topic and the name of a group in it. Immutable. */
  record TopicGroup(String topic, String name) {

    /** Result of {@link #parseMember}. */
    String member() {
      return PositionKeys.member(topic, name);
    }
  }

  /**
   * Topic, group and version of a key. Immutable.
   *
   * @param digits the version, as it was spelled: an old name may lead it with zeros
   */
  record StoredKey(String topic, String name, String digits) {

    TopicGroup group() {
      return new TopicGroup(topic, name);
    }
  }
}
