package io.liiklus.cli.records;

import io.liiklus.cli.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/** Says now and then how far a copy has come. Confined to the command. */
final class CopyReport {

  private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
  private static final Duration OLD = Duration.ofDays(1);
  private static final double MIB = 1 << 20;

  private final Terminal terminal;
  private final long startNs = System.nanoTime();
  private long saidNs = startNs;
  private long records;
  private long bytes;
  private long oldest = Long.MAX_VALUE;

  CopyReport(Terminal terminal) {
    this.terminal = terminal;
  }

  void onCopied(long recordBytes) {
    records++;
    bytes += recordBytes;
  }

  /** Negative where the record has no timestamp. */
  void onSent(long timestamp) {
    if (timestamp >= 0) {
      oldest = Math.min(oldest, timestamp);
    }
  }

  /** Says that retention goes by the records' time, where some are not of today. */
  void sayOldest(String target) {
    var time = Instant.ofEpochMilli(oldest);
    if (oldest < Long.MAX_VALUE && time.isBefore(Instant.now().minus(OLD))) {
      terminal.say(
          "records keep their time, the oldest is of %s: the retention of %s removes them by it"
              .formatted(time.truncatedTo(ChronoUnit.SECONDS), target));
    }
  }

  /**
   * Says how far a topic has come, where that was not said for a while.
   *
   * @param left its partitions that are not copied yet
   */
  void tick(String topic, int left) {
    long nowNs = System.nanoTime();
    if (nowNs - saidNs >= INTERVAL_NS) {
      saidNs = nowNs;
      terminal.say("%s; topic %s: %d partitions are left".formatted(copied(), topic, left));
    }
  }

  void say(String line) {
    terminal.say(line);
  }

  /** "copied 5 records, 0.1 MiB, in 2 s". */
  String copied() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
    return "copied %d records, %.1f MiB, in %d s".formatted(records, bytes / MIB, seconds);
  }
}
