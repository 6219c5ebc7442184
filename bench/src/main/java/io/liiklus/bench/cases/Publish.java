package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.util.List;

/**
 * Rate at which records are stored, with the same number of them under way on both sides.
 * Immutable.
 *
 * @param batch records in a call; 0: one, by the call for one
 */
record Publish(int bytes, int batch, int inFlight) implements Case {

  private static final int PARTITIONS = 8;
  private static final int UNARY_IN_FLIGHT = 256;
  private static final int BATCH = 200;
  private static final int BATCHES_IN_FLIGHT = 8;

  static List<Case> all() {
    return List.of(
        new Publish(100, 0, UNARY_IN_FLIGHT),
        new Publish(1_000, 0, UNARY_IN_FLIGHT),
        new Publish(100, BATCH, BATCH * BATCHES_IN_FLIGHT),
        new Publish(1_000, BATCH, BATCH * BATCHES_IN_FLIGHT));
  }

  @Override
  public String title() {
    return "publish-" + bytes + (batch > 0 ? "-batched" : "");
  }

  @Override
  public String what() {
    return "values of %d bytes, %s, %,d records on their way; both: acks=all, idempotent, linger 0"
        .formatted(bytes, batch > 0 ? batch + " a call" : "one a call", inFlight);
  }

  @Override
  public Comparison run(Lab lab) {
    var order =
        WorkOrder.of("bare-publish")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("bytes", bytes)
            .with("in-flight", inFlight);
    var ofGateway = new WorkOrder("gateway-publish", order.values()).with("batch", batch);
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          () -> lab.measureBare(order),
          () -> lab.measure(ofGateway, gateway));
    } finally {
      lab.kafka().deleteTopic(order.text("topic"));
    }
  }
}
