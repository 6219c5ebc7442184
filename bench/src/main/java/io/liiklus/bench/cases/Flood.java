package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.util.List;

/**
 * Rate at which large records are stored, and the wait of one for its answer, with more of them
 * under way than the memory of Kafka's producer takes; beside a producer that blocks. Immutable.
 */
record Flood(int inFlight) implements Case {

  private static final int PARTITIONS = 8;
  private static final int BYTES = 10_000;

  static List<Case> all() {
    return List.of(new Flood(64), new Flood(1_000), new Flood(10_000));
  }

  /** The gateway's client. */
  static WorkOrder order(String topic, int inFlight) {
    return WorkOrder.of("gateway-publish")
        .with("topic", topic)
        .with("bytes", BYTES)
        .with("in-flight", inFlight);
  }

  @Override
  public String title() {
    return "flood-" + inFlight;
  }

  @Override
  public String what() {
    return "values of %,d bytes, one a call, %,d on their way; bare: a producer that blocks"
        .formatted(BYTES, inFlight);
  }

  @Override
  public Comparison run(Lab lab) {
    var ofGateway = order(lab.emptyTopic(PARTITIONS), inFlight);
    var bare = new WorkOrder("bare-publish", ofGateway.values());
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          () -> lab.measureBare(bare),
          () -> lab.measure(ofGateway, gateway));
    } finally {
      lab.kafka().deleteTopic(ofGateway.text("topic"));
    }
  }
}
