package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Fills a topic with equal records, equally many in each partition: raw ones, or CloudEvents in
 * Kafka's binary mode. Immutable.
 */
final class Load implements Work {

  private static final List<Header> EVENT =
      List.of(
          header("ce_specversion", "1.0"),
          header("ce_id", "7f1c5c50-9d8e-4b60-a3f5-3b1f3a1de001"),
          header("ce_type", "com.example.order.placed"),
          header("ce_source", "/orders/eu"),
          header("ce_time", "2026-04-05T17:31:00Z"),
          header("content-type", "application/octet-stream"),
          header("ce_datacontenttype", "application/octet-stream"));

  @Override
  public Figures run(WorkOrder order) {
    var topic = order.text("topic");
    int partitions = order.number("partitions");
    int records = order.number("records");
    var value = new byte[order.number("bytes")];
    var headers = order.number("event", 0) == 1 ? EVENT : List.<Header>of();
    Map<String, Object> inBatches =
        Map.of(
            ProducerConfig.LINGER_MS_CONFIG,
            order.number("linger"),
            ProducerConfig.BATCH_SIZE_CONFIG,
            64 << 10);
    try (var producer = KafkaClients.producer(order, inBatches)) {
      for (int i = 0; i < records; i++) {
        for (int partition = 0; partition < partitions; partition++) {
          // Readers notice missing records.
          var unused =
              producer.send(new ProducerRecord<>(topic, partition, null, null, value, headers));
        }
      }
      producer.flush();
    }
    return Figures.of("records", (double) records * partitions);
  }

  private static Header header(String key, String value) {
    return new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8));
  }
}
