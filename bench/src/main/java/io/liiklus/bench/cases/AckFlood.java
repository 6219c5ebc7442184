package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;

/** Rate at which acks are stored in Redis and in Kafka, and their cost to these. Immutable. */
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
    return Comparison.inTurn(
        lab.options().pairs(),
        "Redis",
        () -> measure(lab, Lab.Positions.REDIS),
        "Kafka",
        () -> measure(lab, Lab.Positions.KAFKA));
  }

  /** Each with a gateway of its own, so that none is idle beside the one that is measured. */
  private static Figures measure(Lab lab, Lab.Positions positions) {
    var order =
        WorkOrder.of("gateway-ack")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("partitions", PARTITIONS)
            .with("groups", GROUPS)
            .with("in-flight", IN_FLIGHT)
            .with("unit", "ack");
    var counted =
        positions == Lab.Positions.REDIS
            ? order.with("redis.port", lab.redis().port())
            : order
                .with("brokers", lab.kafka().bootstrapServers())
                .with("positions.topic", Lab.POSITIONS_TOPIC);
    try (var gateway = lab.startGateway(positions)) {
      return lab.measure(counted, gateway);
    }
  }
}
