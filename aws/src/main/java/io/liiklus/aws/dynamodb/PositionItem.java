package io.liiklus.aws.dynamodb;

import io.liiklus.api.GroupId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item of the table of positions: those of one group version in one topic, as the original
 * writes them. Immutable.
 *
 * <p>The range key is the group's name, with {@code -v<N>} behind it for a version above 0. The
 * original takes any name of a group that ends so for a version too, zeros before it included: such
 * an item is read as the version that it names, and never written.
 *
 * @param isPlain whether its range key is the one that is written
 */
record PositionItem(String topic, GroupId group, boolean isPlain, Map<Integer, Long> offsets) {

  static final String TOPIC = "topic";
  static final String GROUP = "groupId";
  static final String POSITIONS = "positions";

  private static final String VERSION_MARK = "-v";
  private static final long LOWEST_OFFSET = -1;

  /** The one behind it, where a group goes on, has to be an offset too. */
  private static final long HIGHEST_OFFSET = Long.MAX_VALUE - 1;

  /** The range key of a group version. */
  static String groupKey(GroupId group) {
    var canonical = group.canonical();
    return canonical.version() == 0
        ? canonical.name()
        : versionsPrefix(canonical.name()) + canonical.version();
  }

  /** Begins the range keys of the versions above 0 of a name. */
  static String versionsPrefix(String name) {
    return name + VERSION_MARK;
  }

  /** Both keys of a group version. */
  static Map<String, AttributeValue> key(String topic, String groupKey) {
    return Map.of(
        TOPIC, AttributeValue.fromS(topic),
        GROUP, AttributeValue.fromS(groupKey));
  }

  /** Empty where it is no item of positions. Values that are none are passed over. */
  static Optional<PositionItem> read(Map<String, AttributeValue> item, ForeignItems foreign) {
    var topic = text(item.get(TOPIC));
    var groupKey = text(item.get(GROUP));
    var positions = item.get(POSITIONS);
    if (topic.isEmpty() || groupKey.isEmpty() || positions == null || !positions.hasM()) {
      foreign.passedOver(topic, groupKey, "has no map of positions");
      return Optional.empty();
    }
    var group = new GroupId(groupKey, 0).canonical();
    var offsets = new HashMap<Integer, Long>();
    positions
        .m()
        .forEach(
            (name, value) -> {
              int partition = partition(name);
              var offset = offset(value.n());
              if (partition >= 0 && offset != null) {
                offsets.put(partition, offset);
              } else {
                foreign.passedOver(topic, groupKey, "a partition or position is not a number");
              }
            });
    return Optional.of(
        new PositionItem(topic, group, groupKey.equals(groupKey(group)), Map.copyOf(offsets)));
  }

  private static String text(AttributeValue value) {
    return value == null || value.s() == null ? "" : value.s();
  }

  /** -1 where it is none as we and the original write it. */
  private static int partition(String text) {
    try {
      int number = Integer.parseInt(text);
      return number >= 0 && text.equals(Integer.toString(number)) ? number : -1;
    } catch (NumberFormatException notOne) {
      return -1;
    }
  }

  private static Long offset(String text) {
    try {
      var offset = Long.valueOf(text == null ? "" : text);
      return offset >= LOWEST_OFFSET && offset <= HIGHEST_OFFSET ? offset : null;
    } catch (NumberFormatException notOne) {
      return null;
    }
  }
}
