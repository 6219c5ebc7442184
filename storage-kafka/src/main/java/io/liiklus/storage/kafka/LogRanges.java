package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;

/** Asks what the logs of a topic hold. Nothing here blocks. */
interface LogRanges {

  /**
   * What a log holds, and how far readers see.
   *
   * @param range up to the end of the log, whether committed or not
   * @param visibleEnd where a reader that begins at the end begins, under the readers' isolation
   */
  record LogRange(OffsetRange range, FetchPosition visibleEnd) {

    /** The offset as what it is in this log: its end, or somewhere that was not looked at. */
    FetchPosition position(long offset) {
      return offset == visibleEnd.offset() ? visibleEnd : FetchPosition.named(offset);
    }
  }

  /** The topic's id: another one when a topic of the same name was made anew. */
  CompletionStage<Uuid> topicId(String topic);

  /** Of these partitions, by partition; fails as a whole. */
  CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions);
}
