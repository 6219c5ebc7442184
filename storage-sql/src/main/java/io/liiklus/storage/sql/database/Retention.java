package io.liiklus.storage.sql.database;

import io.liiklus.api.Settings;
import java.time.Duration;

/**
 * How long records stay. Immutable.
 *
 * @param time zero: for ever
 * @param bytes of one partition; 0: any number
 */
public record Retention(Duration time, long bytes) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** Reads and refuses. */
  public static Retention read(Settings settings) {
    var section = settings.section("retention");
    return new Retention(
        section.duration("time", Duration.ZERO, LONGEST),
        section.bytes("bytes", 0, Long.MAX_VALUE));
  }

  public boolean isOn() {
    return !time.isZero() || bytes > 0;
  }

  /** For the log. */
  @Override
  public String toString() {
    return "retention.time=%s retention.bytes=%s"
        .formatted(time.isZero() ? "none" : time, bytes == 0 ? "none" : bytes);
  }
}
