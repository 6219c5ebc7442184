package io.liiklus.server.settings;

import java.time.Duration;

/** Sizes and times as a person writes them. */
final class Sizes {

  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB"};

  private Sizes() {}

  static String text(long bytes) {
    long size = bytes;
    int unit = 0;
    while (size != 0 && size % 1024 == 0 && unit + 1 < UNITS.length) {
      size /= 1024;
      unit++;
    }
    return size + " " + UNITS[unit];
  }

  static String text(Duration time) {
    long ms = time.toMillis();
    return ms % 1_000 == 0 ? ms / 1_000 + " s" : ms + " ms";
  }
}
