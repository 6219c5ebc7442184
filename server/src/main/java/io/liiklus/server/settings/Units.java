package io.liiklus.server.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.Optional;

/** Sizes and times, read and written as people do. Immutable. */
final class Units {

  private static final String[] SIZES = {"bytes", "KiB", "MiB", "GiB"};
  private static final long KIB = 1024;

  private Units() {}

  static Optional<Integer> integer(String text) {
    try {
      return Optional.of(Integer.valueOf(text.strip()));
    } catch (NumberFormatException failure) {
      return Optional.empty();
    }
  }

  /** {@code 1048576}, {@code 1 MiB}, {@code 1MB}. */
  static Optional<Long> bytes(String text) {
    try {
      return Optional.of(ConfigValueFactory.fromAnyRef(text.strip()).atKey("v").getBytes("v"));
    } catch (ConfigException failure) {
      return Optional.empty();
    }
  }

  /** {@code 500ms}, {@code 5 seconds}, {@code 2m}; 0 alone needs no unit. */
  static Optional<Duration> duration(String text) {
    var stripped = text.strip();
    boolean isWithoutUnit = !stripped.isEmpty() && Character.isDigit(lastOf(stripped));
    if (isWithoutUnit && !stripped.equals("0")) {
      return Optional.empty();
    }
    try {
      return Optional.of(ConfigValueFactory.fromAnyRef(stripped).atKey("v").getDuration("v"));
    } catch (ConfigException failure) {
      return Optional.empty();
    }
  }

  private static char lastOf(String text) {
    return text.charAt(text.length() - 1);
  }

  /** Text of a size in the largest unit that leaves no rest. */
  static String show(long bytes) {
    long value = bytes;
    int unit = 0;
    while (value != 0 && value % KIB == 0 && unit < SIZES.length - 1) {
      value /= KIB;
      unit++;
    }
    return value + " " + SIZES[unit];
  }

  /** Text of a time in the largest unit that leaves no rest, from ms to h. */
  static String show(Duration duration) {
    long ms = duration.toMillis();
    if (ms == 0 || ms % 1_000 != 0) {
      return ms + "ms";
    }
    long seconds = ms / 1_000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
  }
}
