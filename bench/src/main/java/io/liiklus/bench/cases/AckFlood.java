package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import java.util.ArrayList;

/** Rate at which acks are stored, and their cost to Redis. Immutable. */
record AckFlood() implements Case {

  private static final int PARTITIONS = 8;
  private static final int GROUPS = 8;
  private static final int IN_FLIGHT = 4_096;

  @Override
  public String title() {
    return "acks";
  }

  @Override
  public String what() {
    return "%,d acks on their way, %d groups by their sessions and %d without, %d partitions each"
        .formatted(IN_FLIGHT, GROUPS, GROUPS, PARTITIONS);
  }

  @Override
  public Comparison run(Lab lab) {
    var order =
        WorkOrder.of("gateway-ack")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("partitions", PARTITIONS)
            .with("groups", GROUPS)
            .with("in-flight", IN_FLIGHT)
            .with("unit", "ack")
            .with("redis.port", lab.redis().port());
    var runs = new ArrayList<Figures>();
    try (var gateway = lab.startGateway(Lab.Positions.REDIS)) {
      for (int i = 0; i < lab.options().pairs(); i++) {
        runs.add(lab.measure(order, gateway));
      }
    }
    return Comparison.alone(runs);
  }
}
