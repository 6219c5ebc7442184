package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writer of equal records at an even rate, to all partitions in turn, for others to read.
 * Immutable.
 */
final class Feed implements Work {

  @Override
  public Figures run(WorkOrder order) {
    var topic = order.text("topic");
    int partitions = order.number("partitions");
    var value = new byte[order.number("bytes")];
    var throttle = new Throttle(order.number("rate"), System.nanoTime());
    long seconds =
        order.number("warm-up") + (long) order.number("seconds") + order.number("outlast", 0);
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long records = 0;
    Map<String, Object> likeManyWriters = Map.of(ProducerConfig.LINGER_MS_CONFIG, 5);
    try (var producer = KafkaClients.producer(order, likeManyWriters)) {
      while (System.nanoTime() - endNs < 0) {
        int partition = (int) (records++ % partitions);
        var unused = producer.send(new ProducerRecord<>(topic, partition, null, value));
        long waitNs = throttle.taken(value.length, System.nanoTime());
        if (waitNs > TimeUnit.MILLISECONDS.toNanos(1)) {
          LockSupport.parkNanos(waitNs);
        }
      }
    }
    return Figures.of("records", (double) records);
  }
}
