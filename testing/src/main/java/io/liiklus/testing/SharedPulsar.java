package io.liiklus.testing;

import java.util.Map;

/**
 * One Pulsar for all tests of a JVM, with an entry in each ledger, and without retention: what no
 * subscription holds may go. Immutable.
 */
public final class SharedPulsar {

  private static final PulsarServer SERVER =
      PulsarServer.start(
          Map.of(
              "managedLedgerMaxEntriesPerLedger", "1",
              "managedLedgerMinLedgerRolloverTimeMinutes", "0",
              "defaultRetentionTimeInMinutes", "0",
              "defaultRetentionSizeInMB", "0"));

  private SharedPulsar() {}

  /** Started at the first call. */
  public static PulsarServer server() {
    return SERVER;
  }
}
