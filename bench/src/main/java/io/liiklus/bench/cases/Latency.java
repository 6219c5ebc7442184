package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.util.List;

/** Time of a record from publisher to receiver at a fixed rate. Immutable. */
record Latency(int rate) implements Case {

  private static final int PARTITIONS = 8;
  private static final int BYTES = 100;

  static List<Case> all() {
    return List.of(new Latency(500), new Latency(5_000));
  }

  @Override
  public String title() {
    return "latency-" + rate;
  }

  @Override
  public String what() {
    return "publish to receive, %,d records/s of %d bytes, from the intended time on"
        .formatted(rate, BYTES);
  }

  @Override
  public Comparison run(Lab lab) {
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          () -> lab.measureBare(order(lab, "bare-latency")),
          () -> lab.measure(order(lab, "gateway-latency"), gateway));
    }
  }

  /** Each run has a topic of its own, so that no record of one is left for the next. */
  private WorkOrder order(Lab lab, String kind) {
    return WorkOrder.of(kind)
        .with("topic", lab.emptyTopic(PARTITIONS))
        .with("partitions", PARTITIONS)
        .with("bytes", BYTES)
        .with("rate", rate);
  }
}
