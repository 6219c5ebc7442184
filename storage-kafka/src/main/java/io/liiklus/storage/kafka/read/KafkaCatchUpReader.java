package io.liiklus.storage.kafka.read;

import io.liiklus.api.StorageException;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.LogReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reader of one partition at a time. Confined to its thread, but for {@link #wakeUp}.
 *
 * <p>A poll that an {@link Error} ends, as by a codec's library that cannot be loaded, returns none
 * of the records that it read before. So another consumer takes over that polls one record at a
 * time, up to the record of the error, or for as many records as one poll returns.
 */
final class KafkaCatchUpReader implements LogReader {

  /** Opener of consumers that are in no group. */
  interface Consumers {
    Consumer<ByteBuffer, ByteBuffer> open(boolean isForSingleRecords);
  }

  private final Consumers consumers;
  private final StandingFaults faults;
  private final KafkaTailReader.Closer closer;
  private final int maxPollRecords;

  /** Consumer in use; null after an error. */
  private volatile Consumer<ByteBuffer, ByteBuffer> consumer;

  /** Set by a wake-up while there is no consumer. */
  private volatile boolean isWoken;

  private LogId log;
  private TopicPartition id;
  private FetchPosition position;

  /** Polls of one record that are left; 0: the usual consumer polls. */
  private int singlePolls;

  /** Offset at which a poll failed for a record; at the second failure the record is unreadable. */
  private long suspectOffset = -1;

  /**
   * @param maxPollRecords records of one poll, at most
   */
  KafkaCatchUpReader(
      Consumers consumers,
      StandingFaults faults,
      KafkaTailReader.Closer closer,
      int maxPollRecords) {
    this.consumers = consumers;
    this.faults = faults;
    this.closer = closer;
    this.maxPollRecords = maxPollRecords;
    this.consumer = consumers.open(false);
  }

  @Override
  public void assign(Collection<LogId> logs) {
    log = logs.isEmpty() ? null : logs.iterator().next();
    id = log == null ? null : KafkaPositions.partition(log);
    position = null;
    suspectOffset = -1;
    if (singlePolls > 0) {
      replaceConsumer(0);
    } else if (consumer != null) {
      assign();
    }
  }

  private void assign() {
    if (log == null) {
      consumer.unsubscribe();
    } else {
      consumer.assign(List.of(id));
    }
  }

  @Override
  public void seek(LogId of, FetchPosition to) {
    if (!to.equals(position)) {
      suspectOffset = -1;
    }
    position = to;
    if (consumer != null) {
      KafkaPositions.seek(consumer, id, to);
    }
  }

  @Override
  public List<FetchOutcome> fetch(Duration wait) {
    boolean isOfSingle = singlePolls > 0;
    try {
      if (consumer == null) {
        openAgain();
      }
      if (isWoken) {
        isWoken = false;
        return List.of();
      }
      return records(consumer.poll(wait));
    } catch (WakeupException woken) {
      return List.of();
    } catch (OffsetOutOfRangeException outOfRange) {
      return List.of(outOfRange(outOfRange));
    } catch (StorageException cannotOpen) {
      return List.of(new FetchOutcome.Away(cannotOpen, false));
    } catch (KafkaException failure) {
      return onFailure(failure);
    } catch (Error fault) {
      return onError(fault, isOfSingle);
    }
  }

  private List<FetchOutcome> records(ConsumerRecords<ByteBuffer, ByteBuffer> polled) {
    var next = KafkaPositions.behind(position, polled, id);
    long lag = consumer.currentLag(id).orElse(-1);
    var records = polled.records(id);
    var batch = records.isEmpty() ? null : new KafkaRecordBatch(records);
    var found = new FetchOutcome.Records(log, batch, next, lag);
    // Last: after an error above, the same records are polled again.
    if (!next.equals(position)) {
      suspectOffset = -1;
      position = next;
    }
    if (singlePolls == 0 || batch == null || --singlePolls > 0) {
      return List.of(found);
    }
    replaceConsumer(0);
    return List.of(found, new FetchOutcome.PlaceLost());
  }

  private FetchOutcome outOfRange(OffsetOutOfRangeException failure) {
    long at = failure.offsetOutOfRangePartitions().getOrDefault(id, position.offset());
    long cutAt = FetchOutcome.NOT_CUT;
    if (failure instanceof LogTruncationException truncation) {
      var divergent = truncation.divergentOffsets().get(id);
      cutAt = divergent == null ? 0 : divergent.offset();
    }
    return new FetchOutcome.OutOfRange(log, at, cutAt);
  }

  private List<FetchOutcome> onFailure(KafkaException failure) {
    if (!UnreadableRecords.mayBe(failure)) {
      return List.of(UnreadableRecords.outcome(failure, faults));
    }
    long at = failedAt();
    if (at == suspectOffset) {
      suspectOffset = -1;
      var reason = UnreadableRecords.reason(failure);
      return List.of(new FetchOutcome.Unreadable(log, at, reason, failure));
    }
    // Fetched once more: the bytes may have been damaged on their way.
    suspectOffset = at;
    KafkaPositions.seek(consumer, id, position);
    return List.of();
  }

  private long failedAt() {
    try {
      return consumer.position(id, Duration.ZERO);
    } catch (WakeupException | TimeoutException unknown) {
      return position.offset();
    }
  }

  /** Has the records before the error read once more, one by one. */
  private List<FetchOutcome> onError(Error fault, boolean isOfSingle) {
    faults.onMachine(fault);
    replaceConsumer(maxPollRecords);
    return List.of(
        isOfSingle ? new FetchOutcome.MachineFault(fault) : new FetchOutcome.PlaceLost());
  }

  /** Closes the consumer. The next fetch opens another, placed by the next seek. */
  private void replaceConsumer(int polls) {
    var replaced = consumer;
    consumer = null;
    position = null;
    singlePolls = polls;
    if (replaced != null) {
      closer.close(replaced);
    }
  }

  private void openAgain() {
    consumer = consumers.open(singlePolls > 0);
    assign();
    if (position != null) {
      KafkaPositions.seek(consumer, id, position);
    }
  }

  @Override
  public void wakeUp() {
    var polling = consumer;
    if (polling != null) {
      polling.wakeup();
    } else {
      isWoken = true;
    }
  }

  @Override
  public void close() {
    if (consumer != null) {
      closer.close(consumer);
    }
  }
}
