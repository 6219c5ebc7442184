package io.liiklus.faults;

import org.junit.jupiter.api.Test;

/** Logs whose offsets have holes: transactions, compaction, tombstones. */
class KafkaFeaturesIT {

  @Test
  void abortedTransactions_areNotDeliveredAndLeaveNoGap() throws Exception {
    KafkaFeature.TRANSACTIONS.happen("transactions");
  }

  @Test
  void compactedTopic_isDeliveredAsItIs() throws Exception {
    KafkaFeature.COMPACTION.happen("compaction");
  }
}
