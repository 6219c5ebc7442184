package io.liiklus.storage.read;

/** One group of a {@link SharedScan}. Thread-safe. */
interface ScanMember {

  /** Where the group reads on. */
  FetchPosition next();

  /** How long its client has let wait what is there for it. */
  long waitedNs(long nowNs);

  /** How many bytes it takes ahead of its client. */
  long prefetchBytes();
}
