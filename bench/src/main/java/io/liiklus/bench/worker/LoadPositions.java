package io.liiklus.bench.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Fills a topic with positions, as the gateway stores them. Immutable. */
final class LoadPositions implements Work {

  @Override
  public Figures run(WorkOrder order) {
    int groups = order.number("groups");
    int partitions = order.number("partitions");
    Map<String, Object> inBatches =
        Map.of(ProducerConfig.LINGER_MS_CONFIG, 20, ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
    try (var producer = KafkaClients.producer(order, inBatches)) {
      for (int group = 0; group < groups; group++) {
        for (int partition = 0; partition < partitions; partition++) {
          var key = "bench-topic\0a-group-of-the-bench-" + group + "\0000\0" + partition;
          var value = Long.toString(1_000_000L + group);
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      order.text("topic"), 0, key.getBytes(UTF_8), value.getBytes(UTF_8)));
        }
      }
      producer.flush();
    }
    return Figures.of("positions", (double) groups * partitions);
  }
}
