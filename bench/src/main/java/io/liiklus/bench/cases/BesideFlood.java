package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import java.util.List;

/**
 * What a client of another connection notices of a flood of publishes: alone, and beside it.
 * Immutable.
 *
 * @param isAck whether it acks; else it receives what a bare producer publishes
 */
record BesideFlood(boolean isAck) implements Case {

  private static final int IN_FLIGHT = 6_000;
  private static final int PARTITIONS = 8;
  private static final int ACKS_IN_FLIGHT = 8;
  private static final int BYTES = 100;
  private static final int RATE = 500;

  static List<Case> all() {
    return List.of(new BesideFlood(true), new BesideFlood(false));
  }

  @Override
  public String title() {
    return "beside-flood-" + (isAck ? "acks" : "receive");
  }

  @Override
  public String what() {
    return "%s, alone and beside %,d publishes of another connection that are on their way"
        .formatted(
            isAck ? ACKS_IN_FLIGHT + " acks at a time" : RATE + " records/s, received", IN_FLIGHT);
  }

  @Override
  public Comparison run(Lab lab) {
    var flood = Flood.order(lab.emptyTopic(PARTITIONS), IN_FLIGHT);
    try (var gateway = lab.startGateway(Lab.Positions.REDIS)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          "alone",
          () -> lab.measure(order(lab), gateway),
          "beside a flood",
          () -> beside(lab, flood, gateway));
    } finally {
      lab.kafka().deleteTopic(flood.text("topic"));
    }
  }

  private WorkOrder order(Lab lab) {
    var order =
        WorkOrder.of(isAck ? "gateway-ack" : "gateway-latency")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("partitions", PARTITIONS)
            .with("groups", 1);
    return isAck
        ? order
            .with("in-flight", ACKS_IN_FLIGHT)
            .with("unit", "ack")
            .with("redis.port", lab.redis().port())
        : order
            .with("bytes", BYTES)
            .with("rate", RATE)
            .with("bare-publisher", 1)
            .with("brokers", lab.kafka().bootstrapServers());
  }

  private Figures beside(Lab lab, WorkOrder flood, GatewayProcess gateway) {
    try (var publishing = lab.startBeside(flood, gateway)) {
      var figures = lab.measure(order(lab), gateway);
      return figures.with("flood MB/s", publishing.figures().get("MB/s"));
    }
  }
}
