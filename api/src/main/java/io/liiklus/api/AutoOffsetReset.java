package io.liiklus.api;

/** Start of a partition for a group that has no position in it. */
public enum AutoOffsetReset {
  /** At the first record that is still in the log. */
  EARLIEST,
  /** Behind the last record that a reader can see. */
  LATEST
}
