package io.liiklus.storage.kafka.positions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A record of the positions topic. Neither a topic nor a group holds a {@code \0}, which parts the
 * key. Immutable.
 *
 * @param offset empty: the position was deleted
 */
record PositionRecord(PositionId id, OptionalLong offset) {

  private static final char SEPARATOR = '\0';
  private static final Pattern SEPARATORS = Pattern.compile("\0");
  private static final int PARTS = 4;

  /** As a position may be; the last is {@link Long#MAX_VALUE} - 1. */
  private static final long LEAST_OFFSET = -1;

  static byte[] key(PositionId id) {
    var key =
        id.topic()
            + SEPARATOR
            + id.group().name()
            + SEPARATOR
            + id.group().version()
            + SEPARATOR
            + id.partition();
    return key.getBytes(UTF_8);
  }

  static byte[] value(long offset) {
    return Long.toString(offset).getBytes(UTF_8);
  }

  /** Empty where it is none of ours. The group is the canonical one, whoever wrote it. */
  static Optional<PositionRecord> parse(byte[] key, byte[] value) {
    if (key == null) {
      return Optional.empty();
    }
    var parts = SEPARATORS.split(new String(key, UTF_8), -1);
    if (parts.length != PARTS || parts[0].isEmpty() || parts[1].isEmpty()) {
      return Optional.empty();
    }
    long version = number(parts[2], 0, Integer.MAX_VALUE);
    long partition = number(parts[3], 0, Integer.MAX_VALUE);
    long offset =
        value == null
            ? LEAST_OFFSET
            : number(new String(value, UTF_8), LEAST_OFFSET, Long.MAX_VALUE - 1);
    if (version == NONE || partition == NONE || offset == NONE) {
      return Optional.empty();
    }
    var group = new GroupId(parts[1], (int) version).canonical();
    return Optional.of(
        new PositionRecord(
            new PositionId(parts[0], group, (int) partition),
            value == null ? OptionalLong.empty() : OptionalLong.of(offset)));
  }

  private static final long NONE = Long.MIN_VALUE;

  /** Only as we write it: another spelling would be another key of the same position. */
  private static long number(String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      boolean isOurs = number >= least && number <= most && Long.toString(number).equals(text);
      return isOurs ? number : NONE;
    } catch (NumberFormatException other) {
      return NONE;
    }
  }
}
