package io.liiklus.faults;

import org.junit.jupiter.api.Test;

/** Logs that lose their beginning, are made anew, and grow partitions. */
class LogFaultsIT {

  @Test
  void a_position_that_retention_has_passed_goes_on_at_the_start_of_the_log() {
    LogFault.RETENTION_PASSES_A_POSITION.happen("retention-passes-a-position");
  }

  @Test
  void records_that_retention_takes_before_they_are_read_are_counted() {
    LogFault.RETENTION_PASSES_A_READER.happen("retention-passes-a-reader");
  }

  @Test
  void a_position_beyond_a_topic_made_anew_begins_at_its_start() {
    LogFault.MADE_ANEW_BETWEEN.happen("made-anew-between");
  }

  @Test
  void a_topic_made_anew_is_read_from_its_start_by_a_running_subscription() {
    LogFault.MADE_ANEW_WITHIN.happen("made-anew-within");
  }

  @Test
  void no_record_of_a_new_partition_is_missed_by_a_group_that_began_at_the_end() {
    LogFault.PARTITIONS_GROW.happen("partitions-grow");
  }
}
