package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Cost of subscriptions without records. Measured once, whatever the pairs. Immutable. */
record Idle(int subscriptions) implements Case {

  private static final int PARTITIONS = 8;
  private static final int RAMP_PER_SECOND = 20;

  /** Until the last has its partitions. */
  private static final Duration JOINING = Duration.ofMinutes(5);

  static List<Case> all() {
    return List.of(new Idle(100), new Idle(1_000));
  }

  @Override
  public String title() {
    return "idle-" + subscriptions;
  }

  @Override
  public String what() {
    return "%,d subscriptions to %d empty partitions, each a group of its own, a Receive for each"
        .formatted(subscriptions, PARTITIONS);
  }

  @Override
  public Comparison run(Lab lab) {
    var order =
        WorkOrder.of("gateway-idle")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("partitions", PARTITIONS)
            .with("subscriptions", subscriptions)
            .with("ramp", RAMP_PER_SECOND);
    var more = Duration.ofSeconds(subscriptions / RAMP_PER_SECOND).plus(JOINING);
    var settings = Map.of("sessions.max", Integer.toString(subscriptions));
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY, "", settings)) {
      return Comparison.alone(List.of(lab.measure(order, gateway, more)));
    }
  }
}
