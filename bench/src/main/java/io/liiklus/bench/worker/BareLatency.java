package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Time from a bare producer to a bare consumer in the same process. Immutable. */
final class BareLatency implements Work {

  private static final Duration POLL = Duration.ofMillis(500);

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var latencies = new Latencies(order, meter);
    var reader = new Thread(() -> read(order, meter, latencies), "reader");
    reader.setDaemon(true);
    reader.start();
    var topic = order.text("topic");
    try (var producer = KafkaClients.producer(order)) {
      producer.partitionsFor(topic);
      return latencies.run(value -> send(producer, topic, value, meter));
    }
  }

  static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, byte[] value, Meter meter) {
    var unused =
        producer.send(
            new ProducerRecord<>(topic, value),
            (stored, failure) -> {
              if (failure != null) {
                meter.fail(failure);
              }
            });
  }

  private static void read(WorkOrder order, Meter meter, Latencies latencies) {
    try (var consumer = KafkaClients.consumer(order)) {
      while (!Thread.currentThread().isInterrupted()) {
        for (var record : consumer.poll(POLL)) {
          latencies.received(ByteBuffer.wrap(record.value()));
        }
      }
    } catch (RuntimeException e) {
      meter.fail(e);
    }
  }
}
