package io.liiklus.api;

/**
 * The only arithmetic on offsets. Offsets of a partition rise; they may have gaps and begin
 * anywhere from 0, so a difference of two is no number of records. The offset behind a record is
 * always a valid resume offset: reading begins at the first record at or behind it. Immutable.
 */
public final class Offsets {

  /** Offset that the storage does not return. */
  public static final long UNKNOWN = -1;

  private Offsets() {}

  /**
   * The offset at which reading resumes behind this one; for a position, its resume offset. -1
   * leads to 0.
   */
  public static long next(long offset) {
    return offset + 1;
  }

  /** The offset before this one, whether or not a record stands there; -1 before 0. */
  public static long previous(long offset) {
    return offset - 1;
  }
}
