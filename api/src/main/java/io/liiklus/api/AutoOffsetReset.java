package io.liiklus.api;

/** Where a partition begins for a group that has no position in it. */
public enum AutoOffsetReset {
  /** At the first record that the log still holds. */
  EARLIEST,
  /** Behind the last record that a reader can see. */
  LATEST
}
