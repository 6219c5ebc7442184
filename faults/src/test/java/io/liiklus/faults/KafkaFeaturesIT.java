package io.liiklus.faults;

import org.junit.jupiter.api.Test;

/** Logs whose offsets have holes: transactions, compaction, tombstones. */
class KafkaFeaturesIT {

  @Test
  void aborted_transactions_are_not_delivered_and_leave_no_gap() throws Exception {
    KafkaFeature.TRANSACTIONS.happen("transactions");
  }

  @Test
  void a_compacted_topic_is_delivered_as_it_is() throws Exception {
    KafkaFeature.COMPACTION.happen("compaction");
  }
}
