package io.liiklus.positions.redis;

import java.util.HashMap;
import java.util.Map;

/** Fields of a hash: partition and offset, both as decimal text. Immutable. */
final class PositionHash {

  private static final long LOWEST_OFFSET = -1;

  /** The one behind it, where a group goes on, has to be an offset too. */
  private static final long HIGHEST_OFFSET = Long.MAX_VALUE - 1;

  private PositionHash() {}

  /** The offsets by partition. Other fields are passed over. */
  static Map<Integer, Long> read(String key, Map<String, String> fields, ForeignKeys odd) {
    var offsets = new HashMap<Integer, Long>();
    fields.forEach(
        (field, value) -> {
          int partition = PositionKeys.number(field);
          var offset = offset(value);
          if (partition >= 0 && field.equals(Integer.toString(partition)) && offset != null) {
            offsets.put(partition, offset);
          } else {
            odd.passedOver(key, "a field or value is not a number");
          }
        });
    return offsets;
  }

  /** The fields of these offsets, by partition. */
  static Map<String, String> write(Map<Integer, Long> offsets) {
    var fields = new HashMap<String, String>(2 * offsets.size());
    offsets.forEach(
        (partition, offset) -> fields.put(Integer.toString(partition), Long.toString(offset)));
    return fields;
  }

  private static Long offset(String value) {
    try {
      var offset = Long.valueOf(value);
      return offset >= LOWEST_OFFSET && offset <= HIGHEST_OFFSET ? offset : null;
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }
}
