package io.liiklus.server.inflight;

/** What later records do while one waits to come again. */
public enum RetryOrder {
  /** They go on. */
  NONE,
  /** Those of its key wait. */
  KEY,
  /** Those of its partition wait. */
  PARTITION
}
