package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Cost of subscriptions without records. Measured once, whatever the pairs. Immutable.
 *
 * @param isConsume whether each is one Consume; else it is a Subscribe with a Receive for each
 *     partition
 */
record Idle(int subscriptions, boolean isConsume) implements Case {

  private static final int PARTITIONS = 8;
  private static final int RAMP_PER_SECOND = 20;

  /** Until the last has its partitions. */
  private static final Duration JOINING = Duration.ofMinutes(5);

  static List<Case> all() {
    return List.of(new Idle(100, false), new Idle(1_000, false), new Idle(1_000, true));
  }

  @Override
  public String title() {
    return (isConsume ? "consume-" : "") + "idle-" + subscriptions;
  }

  @Override
  public String what() {
    return "%,d subscriptions to %d empty partitions, each a group of its own, %s"
        .formatted(
            subscriptions, PARTITIONS, isConsume ? "one Consume each" : "a Receive for each");
  }

  @Override
  public Comparison run(Lab lab) {
    var order =
        WorkOrder.of("gateway-idle")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("partitions", PARTITIONS)
            .with("subscriptions", subscriptions)
            .with("consume", isConsume ? 1 : 0)
            .with("ramp", RAMP_PER_SECOND);
    var more = Duration.ofSeconds(subscriptions / RAMP_PER_SECOND).plus(JOINING);
    var settings = Map.of("sessions.max", Integer.toString(subscriptions));
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY, "", settings)) {
      return Comparison.alone(List.of(lab.measure(order, gateway, more)));
    }
  }
}
