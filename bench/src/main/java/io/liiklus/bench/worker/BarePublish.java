package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Bare producer with a bounded number of records under way, as fast as the broker takes them or at
 * a rate in bytes. Immutable.
 */
final class BarePublish implements Work {

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var sender = new Thread(() -> send(order, meter), "sender");
    sender.setDaemon(true);
    sender.start();
    return meter.measure();
  }

  private static void send(WorkOrder order, Meter meter) {
    var inFlight = new Semaphore(order.number("in-flight"));
    var value = new byte[order.number("bytes")];
    var throttle = new Throttle(order.number("limit", 0), System.nanoTime());
    var record = new ProducerRecord<byte[], byte[]>(order.text("topic"), value);
    try (var producer = KafkaClients.producer(order)) {
      while (!Thread.currentThread().isInterrupted()) {
        inFlight.acquire();
        long askedNs = System.nanoTime();
        var unused =
            producer.send(
                record,
                (stored, failure) -> {
                  inFlight.release();
                  if (failure == null) {
                    meter.addAnswer(1, value.length, askedNs);
                  } else {
                    meter.fail(failure);
                  }
                });
        LockSupport.parkNanos(throttle.taken(value.length, System.nanoTime()));
      }
    } catch (InterruptedException | RuntimeException e) {
      meter.fail(e);
    }
  }
}
