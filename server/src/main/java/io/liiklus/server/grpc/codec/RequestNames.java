package io.liiklus.server.grpc.codec;

import io.liiklus.api.GroupId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Checks the names and numbers that requests are made of. */
public final class RequestNames {

  private static final int LONGEST_TOPIC = 249;
  private static final Pattern VERSIONED = Pattern.compile("(.*)-v([0-9]+)", Pattern.DOTALL);
  private static final int LONGEST_GROUP_BYTES = 255;
  private static final String UINT31 = "a whole number from 0 to 2147483647";

  private RequestNames() {}

  /** Kafka's rule for topics, whatever the storage. */
  public static String topic(String name) {
    if (!isTopic(name) || name.equals(".") || name.equals("..")) {
      throw BadRequest.of(
          "topic", name, "1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-', and not '.' or '..'");
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

  /**
   * The group; with version 0 a name that ends in {@code -v} and a number names the version too.
   */
  public static GroupId group(String name, int version) {
    if (version < 0) {
      throw number("group_version", version);
    }
    requireGroupName(name);
    if (version > 0) {
      return new GroupId(name, version);
    }
    var versioned = VERSIONED.matcher(name);
    if (!versioned.matches()) {
      return new GroupId(name, 0);
    }
    if (versioned.group(1).isEmpty()) {
      throw BadRequest.of("group", name, "a name before its version");
    }
    return new GroupId(versioned.group(1), versionIn(name, versioned.group(2)));
  }

  private static void requireGroupName(String name) {
    boolean isTooLong =
        name.length() > LONGEST_GROUP_BYTES
            || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_GROUP_BYTES;
    if (name.isEmpty() || isTooLong || name.chars().anyMatch(Character::isISOControl)) {
      throw BadRequest.of("group", name, "1 to 255 bytes of UTF-8 without control characters");
    }
  }

  private static int versionIn(String name, String digits) {
    var significant = digits.replaceFirst("^0+(?!$)", "");
    if (significant.length() <= 10) {
      long version = Long.parseLong(significant);
      if (version <= Integer.MAX_VALUE) {
        return (int) version;
      }
    }
    throw BadRequest.of("group", name, "a version in the name, behind -v, of at most 2147483647");
  }

  public static int partition(String field, int partition) {
    if (partition < 0) {
      throw number(field, partition);
    }
    return partition;
  }

  public static int batchSize(int records) {
    if (records < 0) {
      throw number("max_batch_records", records);
    }
    return records;
  }

  /** What an Ack stores: up to 2^63-2, since the next offset must be one too; or -1. */
  public static long offset(long offset) {
    if (offset < -1 || offset == Long.MAX_VALUE) {
      throw BadRequest.of(
          "offset",
          Long.toUnsignedString(offset),
          "0 to 9223372036854775806, or 18446744073709551615 for the start");
    }
    return offset;
  }

  private static BadRequest number(String field, int value) {
    return BadRequest.of(field, Integer.toUnsignedString(value), UINT31);
  }
}
