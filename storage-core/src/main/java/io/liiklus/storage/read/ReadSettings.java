package io.liiklus.storage.read;

import io.liiklus.api.Settings;

/**
 * Settings of reading, below the root of a storage; its {@code reference.conf} has the meaning of
 * each. Immutable.
 */
public record ReadSettings(
    long prefetchBytes,
    int tailReaders,
    long tailCacheBytes,
    long tailCachesBytes,
    int catchUpReaders,
    long sharedScanBytes,
    int catchUpCpuPercent) {

  private static final long KIB = 1024;
  private static final long GIB = 1024 * 1024 * KIB;

  public static ReadSettings read(Settings settings) {
    return new ReadSettings(
        settings.bytes("prefetch", 16 * KIB, GIB),
        settings.integer("tailReaders", 1, 64),
        settings.bytes("tailCache", 16 * KIB, GIB),
        settings.bytes("tailCaches", 16 * KIB, 64 * GIB),
        settings.integer("catchUpReaders", 1, 1_000),
        settings.bytes("sharedScan", 16 * KIB, 64 * GIB),
        settings.integer("catchUpCpuPercent", 0, 100));
  }
}
