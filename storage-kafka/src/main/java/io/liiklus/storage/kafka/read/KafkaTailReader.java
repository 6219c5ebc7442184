package io.liiklus.storage.kafka.read;

import io.liiklus.api.Offsets;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.LogReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Reader of many partitions with one consumer. Confined to its thread, but for {@link #wakeUp}. */
final class KafkaTailReader implements LogReader {

  /** Closer of consumers, within the bound of the settings. */
  interface Closer {
    void close(Consumer<?, ?> consumer);
  }

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final StandingFaults faults;
  private final Closer closer;
  private final Map<TopicPartition, LogId> logs = new HashMap<>();

  KafkaTailReader(Consumer<ByteBuffer, ByteBuffer> consumer, StandingFaults faults, Closer closer) {
    this.consumer = consumer;
    this.faults = faults;
    this.closer = closer;
  }

  @Override
  public void assign(Collection<LogId> wanted) {
    logs.clear();
    wanted.forEach(log -> logs.put(KafkaPositions.partition(log), log));
    if (logs.isEmpty()) {
      consumer.unsubscribe();
    } else {
      consumer.assign(logs.keySet());
    }
  }

  @Override
  public void seek(LogId log, FetchPosition position) {
    KafkaPositions.seek(consumer, KafkaPositions.partition(log), position);
  }

  @Override
  public List<FetchOutcome> fetch(Duration wait) {
    try {
      return records(consumer.poll(wait));
    } catch (WakeupException woken) {
      return List.of();
    } catch (OffsetOutOfRangeException outOfRange) {
      return outOfRange(outOfRange);
    } catch (KafkaException failure) {
      // It does not name a partition, so it concerns all of them.
      return List.of(UnreadableRecords.outcome(failure, faults));
    } catch (Error fault) {
      // The consumer has lost its place: each log is sought again.
      faults.onMachine(fault);
      return List.of(new FetchOutcome.MachineFault(fault));
    }
  }

  private List<FetchOutcome> records(ConsumerRecords<ByteBuffer, ByteBuffer> polled) {
    var outcomes = new ArrayList<FetchOutcome>();
    for (var id : polled.partitions()) {
      var batch = new KafkaRecordBatch(polled.records(id));
      var last = polled.records(id).get(batch.size() - 1);
      var next = new FetchPosition(Offsets.next(last.offset()), batch.epoch(batch.size() - 1));
      outcomes.add(new FetchOutcome.Records(logs.get(id), batch, next, -1));
    }
    return outcomes;
  }

  private List<FetchOutcome> outOfRange(OffsetOutOfRangeException failure) {
    var outcomes = new ArrayList<FetchOutcome>();
    failure
        .offsetOutOfRangePartitions()
        .forEach(
            (id, offset) ->
                outcomes.add(
                    new FetchOutcome.OutOfRange(logs.get(id), offset, FetchOutcome.NOT_CUT)));
    return outcomes;
  }

  @Override
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    closer.close(consumer);
  }
}
