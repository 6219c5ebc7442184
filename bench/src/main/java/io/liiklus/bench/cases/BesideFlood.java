package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.process.WorkerProcess;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Comparison.Side;
import io.liiklus.bench.report.Figures;
import java.util.ArrayList;
import java.util.List;

/**
 * Effect of a flood of publishes on a client of another connection. Immutable.
 *
 * @param isAck whether it acks; else it receives what a bare producer publishes
 * @param isBesideBare the base of the comparison: the same client while a bare producer stores just
 *     as much, so that all that differs is that the flood is the gateway's; else that client alone
 */
record BesideFlood(boolean isAck, boolean isBesideBare) implements Case {

  private static final int IN_FLIGHT = 6_000;
  private static final int PARTITIONS = 8;
  private static final int ACKS_IN_FLIGHT = 8;
  private static final int BYTES = 100;
  private static final int RATE = 500;
  private static final String FLOOD = "flood MB/s";

  static List<Case> all() {
    return List.of(
        new BesideFlood(true, false),
        new BesideFlood(true, true),
        new BesideFlood(false, false),
        new BesideFlood(false, true));
  }

  @Override
  public String title() {
    return "beside-flood-" + (isAck ? "acks" : "receive") + (isBesideBare ? "-bare" : "");
  }

  @Override
  public String what() {
    return "%s, %s and beside %,d publishes of another connection that are on their way"
        .formatted(
            isAck ? ACKS_IN_FLIGHT + " acks at a time" : RATE + " records/s, received",
            isBesideBare ? "beside a bare producer" : "alone",
            IN_FLIGHT);
  }

  @Override
  public Comparison run(Lab lab) {
    var flood = Flood.order(lab.emptyTopic(PARTITIONS), IN_FLIGHT);
    try (var gateway = lab.startGateway(Lab.Positions.REDIS)) {
      return isBesideBare
          ? withBare(lab, flood, gateway)
          : Comparison.inTurn(
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

  /** How fast the bare producer is to publish is known only behind the gateway's client. */
  private Comparison withBare(Lab lab, WorkOrder flood, GatewayProcess gateway) {
    var bare = new WorkOrder("bare-publish", flood.values());
    var ofBare = new ArrayList<Figures>();
    var ofGateway = new ArrayList<Figures>();
    for (int i = 0; i < lab.options().pairs(); i++) {
      var figures = beside(lab, flood, gateway);
      ofGateway.add(figures);
      var asFast = bare.with("limit", (int) (figures.get(FLOOD) * 1e6));
      ofBare.add(measure(lab, gateway, lab.startBareBeside(asFast)));
    }
    return new Comparison(new Side("beside bare", ofBare), new Side("beside a flood", ofGateway));
  }

  private Figures beside(Lab lab, WorkOrder flood, GatewayProcess gateway) {
    return measure(lab, gateway, lab.startBeside(flood, gateway));
  }

  private Figures measure(Lab lab, GatewayProcess gateway, WorkerProcess publishing) {
    try (publishing) {
      var figures = lab.measure(order(lab), gateway);
      return figures.with(FLOOD, publishing.figures().get("MB/s"));
    }
  }
}
