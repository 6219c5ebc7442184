package io.liiklus.api;

/**
 * What a partition's log holds. Immutable.
 *
 * @param start the first offset that can still be read
 * @param end the offset of the next record to be written, whoever may see it yet
 */
public record OffsetRange(long start, long end) {

  public OffsetRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not a range: start=" + start + " end=" + end);
    }
  }

  /** Whether reading can go on at this offset: one that is there, or the next one. */
  public boolean canResumeAt(long offset) {
    return start <= offset && offset <= end;
  }
}
