package io.liiklus.storage.group;

import io.liiklus.api.Metric;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.storage.read.LogReaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Logs of a storage that knows no groups; {@link GroupedRecordsStorage} makes a records storage of
 * them. No method blocks but {@link #close}. Thread-safe.
 */
public interface RecordLogs extends LogReaders, AutoCloseable {

  /** Name of the storage, with which its metrics begin: that of the root of its settings. */
  String name();

  /** As {@link RecordsStorage#publish}. */
  CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience);

  /** As {@link RecordsStorage#isGapless}. */
  default boolean isGapless() {
    return false;
  }

  /**
   * Whether the difference of two offsets says at most how many records are between them. Else a
   * loss is reported without a number, and a log without records has the range 0 to 0, wherever its
   * next record will be.
   */
  default boolean isCountable() {
    return true;
  }

  /**
   * The offset by which the log names today what a position or a client names by this one; for a
   * storage that once named its records otherwise. An offset of today is left as it is.
   */
  default long canonical(long offset) {
    return offset;
  }

  /** As {@link RecordsStorage#createTopic}. */
  CompletionStage<Void> createTopic(String topic, int partitions);

  /** As {@link RecordsStorage#topics}. */
  CompletionStage<Set<String>> topics();

  /** As {@link RecordsStorage#onRoom}. */
  default void onRoom(Runnable listener) {}

  /** Empty where there is no such topic; none gets created. */
  CompletionStage<List<LogPartition>> partitions(String topic);

  /**
   * Sets the one to notify, on any thread, of a topic that has other partitions than before. Called
   * once, before anything else. Topics are looked at now and then in any case.
   */
  default void onTopicChanged(Consumer<String> listener) {}

  /** Of these partitions, by partition; without those that are not there. */
  CompletionStage<Map<Integer, OffsetRange>> ranges(String topic, Set<Integer> partitions);

  /** As {@link RecordsStorage#maxRecordBytes}. */
  long maxRecordBytes();

  /** As {@link RecordsStorage#check}. */
  CompletionStage<Void> check();

  /** As {@link RecordsStorage#metrics}; those of reading come beside them. */
  default List<Metric> metrics() {
    return List.of();
  }

  /** Lets go of everything. Readers are closed before. */
  @Override
  void close();
}
