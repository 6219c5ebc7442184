package io.liiklus.faults;

import org.junit.jupiter.api.Test;

/** Logs that lose their start, are created again, and get more partitions. */
class LogFaultsIT {

  @Test
  void positionPassedByRetention_continuesAtTheLogStart() {
    LogFault.RETENTION_PASSES_A_POSITION.happen("retention-passes-a-position");
  }

  @Test
  void unreadRecordsRemovedByRetention_areCounted() {
    LogFault.RETENTION_PASSES_A_READER.happen("retention-passes-a-reader");
  }

  @Test
  void positionBeyondARecreatedTopic_beginsAtItsStart() {
    LogFault.MADE_ANEW_BETWEEN.happen("made-anew-between");
  }

  @Test
  void recreatedTopic_isReadFromItsStartByARunningSubscription() {
    LogFault.MADE_ANEW_WITHIN.happen("made-anew-within");
  }

  @Test
  void newPartition_isReadWholeByAGroupThatBeganAtTheEnd() {
    LogFault.PARTITIONS_GROW.happen("partitions-grow");
  }
}
