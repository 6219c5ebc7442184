package io.liiklus.storage.read;

import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Limit on the bytes a second that all catch-up readers fetch together. Thread-safe. */
public interface CatchUpThrottle {

  long NO_LIMIT = Long.MAX_VALUE;

  /**
   * Counts a fetch.
   *
   * @param bytes of records that it returned
   * @return how long its reader rests before the next one; 0: not at all
   */
  long restNs(long bytes);

  /** Bytes a second, or {@link #NO_LIMIT}. */
  default long limit() {
    return NO_LIMIT;
  }

  static CatchUpThrottle unlimited() {
    return bytes -> 0;
  }

  /**
   * Keeps the processors as busy as this while groups at the end of their logs get records.
   *
   * @param percent of the processors' time, to 100, which is unlimited; 0: by their number
   * @param isTailServed whether, at a time, groups at the end of their logs get records
   */
  static CatchUpThrottle cpuTarget(
      int percent,
      Supplier<CpuTargetThrottle.Load> loads,
      LongPredicate isTailServed,
      LongSupplier clockNs) {
    int processors = Runtime.getRuntime().availableProcessors();
    int target = percent == 0 ? CpuTargetThrottle.percentFor(processors) : percent;
    return target >= 100
        ? unlimited()
        : new CpuTargetThrottle(target / 100.0, loads, isTailServed, clockNs);
  }
}
