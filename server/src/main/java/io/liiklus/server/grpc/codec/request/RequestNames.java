package io.liiklus.server.grpc.codec.request;

import io.liiklus.api.GroupId;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.nio.charset.StandardCharsets;

/** Checks of the names and numbers in requests. Immutable. */
public final class RequestNames {

  private static final int LONGEST_TOPIC = 249;
  private static final int LONGEST_GROUP_BYTES = 255;
  private static final String UINT31 = "a whole number from 0 to 2147483647";

  private RequestNames() {}

  /** Kafka's rule for topics, whatever the storage. */
  public static String topic(String name) {
    return topic("topic", name);
  }

  /** The same, of another field. */
  public static String topic(String field, String name) {
    if (!isTopic(name) || name.equals(".") || name.equals("..")) {
      throw BadRequest.of(
          field, name, "1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-', and not '.' or '..'");
    }
    return name;
  }

  private static boolean isTopic(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!isLetter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= LONGEST_TOPIC;
  }

  /** The group, by the rule of {@link GroupId#of}. */
  public static GroupId group(String name, int version) {
    if (version < 0) {
      throw number("group_version", version);
    }
    requireGroupName(name);
    try {
      return GroupId.of(name, version);
    } catch (IllegalArgumentException refused) {
      throw BadRequest.of("group", name, refused.getMessage());
    }
  }

  private static void requireGroupName(String name) {
    boolean isTooLong =
        name.length() > LONGEST_GROUP_BYTES
            || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_GROUP_BYTES;
    if (name.isEmpty() || isTooLong || name.chars().anyMatch(Character::isISOControl)) {
      throw BadRequest.of("group", name, "1 to 255 bytes of UTF-8 without control characters");
    }
  }

  public static int partition(String field, int partition) {
    return uint31(field, partition);
  }

  public static int batchSize(int records) {
    return uint31("max_batch_records", records);
  }

  /** A number that is used as one with a sign. */
  public static int uint31(String field, int number) {
    if (number < 0) {
      throw number(field, number);
    }
    return number;
  }

  /** Checks the offset of an Ack: up to 2^63-2, since the next offset must be one too; or -1. */
  public static long offset(long offset) {
    if (offset < -1 || offset == Long.MAX_VALUE) {
      throw BadRequest.of(
          "offset",
          Long.toUnsignedString(offset),
          "0 to 9223372036854775806, or 18446744073709551615 for the start");
    }
    return offset;
  }

  /** Checks the offset of a record: up to 2^63-2. */
  public static long recordOffset(String field, long offset) {
    if (offset < 0 || offset == Long.MAX_VALUE) {
      throw BadRequest.of(
          field, Long.toUnsignedString(offset), "a whole number from 0 to 9223372036854775806");
    }
    return offset;
  }

  private static BadRequest number(String field, int value) {
    return BadRequest.of(field, Integer.toUnsignedString(value), UINT31);
  }
}
