package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Bare reader of all partitions: one consumer in one thread, or one for each of {@code groups}; a
 * partition that is read to its end begins again. Immutable.
 */
final class BareReceive implements Work {

  private static final Duration POLL = Duration.ofMillis(500);

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    for (int i = 0; i < order.number("groups", 1); i++) {
      var reader = new Thread(() -> read(order, meter), "reader-" + i);
      reader.setDaemon(true);
      reader.start();
    }
    return meter.measure();
  }

  private static void read(WorkOrder order, Meter meter) {
    long last = order.number("records") - 1L;
    var seen = new HashMap<TopicPartition, Long>();
    var throttle = new Throttle(order.number("limit", 0), System.nanoTime());
    try (var consumer = KafkaClients.consumer(order)) {
      while (!Thread.currentThread().isInterrupted()) {
        var records = consumer.poll(POLL);
        for (var partition : records.partitions()) {
          long bytes = 0;
          var ofPartition = records.records(partition);
          for (var record : ofPartition) {
            bytes += record.value().length;
            checkRising(partition, record, seen);
          }
          meter.add(ofPartition.size(), bytes);
          LockSupport.parkNanos(throttle.taken(bytes, System.nanoTime()));
          beginAnewAtEnd(consumer, partition, last, seen);
        }
      }
    } catch (RuntimeException e) {
      meter.fail(e);
    }
  }

  private static void checkRising(
      TopicPartition partition,
      ConsumerRecord<byte[], byte[]> record,
      Map<TopicPartition, Long> seen) {
    var previous = seen.put(partition, record.offset());
    if (previous != null && record.offset() != previous + 1) {
      throw new IllegalStateException(partition + ": " + record.offset() + " after " + previous);
    }
  }

  private static void beginAnewAtEnd(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long last,
      Map<TopicPartition, Long> seen) {
    if (seen.getOrDefault(partition, -1L) >= last) {
      consumer.seek(partition, 0);
      seen.remove(partition);
    }
  }
}
