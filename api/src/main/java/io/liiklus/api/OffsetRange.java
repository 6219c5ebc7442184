package io.liiklus.api;

/**
 * Offsets between which a partition's log has its records. Offsets rise and may have gaps, so
 * neither border need be a record's, and the range is no count of records. Immutable.
 *
 * @param start the lowest offset at which a record may still be read; from 0
 * @param end behind the last record: below every record that is yet to come; equal to start where
 *     nothing can be read
 */
public record OffsetRange(long start, long end) {

  public OffsetRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not a range: start=" + start + " end=" + end);
    }
  }

  /** Whether reading can resume at this offset: within the log, or at its end. */
  public boolean canResumeAt(long offset) {
    return start <= offset && offset <= end;
  }
}
