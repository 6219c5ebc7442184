package io.liiklus.storage.read;

/** One group of a {@link SharedScan}. Thread-safe. */
interface ScanMember {

  /** The position at which the group reads on. */
  FetchPosition next();

  /** Time for which its client has let fetched records wait. */
  long waitedNs(long nowNs);

  /** Bytes that it takes ahead of its client. */
  long prefetchBytes();
}
