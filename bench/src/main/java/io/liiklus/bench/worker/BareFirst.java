package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.time.Duration;
import java.util.List;

/** Time from a new consumer to its first record. Immutable. */
final class BareFirst implements Work {

  private static final Duration POLL = Duration.ofMillis(500);

  @Override
  public Figures run(WorkOrder order) throws Exception {
    return FirstRecords.run(
        order,
        group -> {
          try (var consumer = KafkaClients.member(order, group)) {
            consumer.subscribe(List.of(order.text("topic")));
            while (consumer.poll(POLL).isEmpty()) {}
          }
        });
  }
}
