package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;

/** Fast client, alone and beside a slow one of another group. Immutable. */
record SlowClient() implements Case {

  private static final int BYTES = 1_000;
  private static final int SLOW_BYTES_PER_SECOND = 1_000_000;

  @Override
  public String title() {
    return "slow-client";
  }

  @Override
  public String what() {
    return "a client that takes all, alone and beside one of another group that takes 1 MB/s";
  }

  @Override
  public Comparison run(Lab lab) {
    var order =
        Receive.order(lab.load(Topic.of(BYTES, false, lab.options().topicMb())), "gateway-receive");
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          "alone",
          () -> lab.measure(order, gateway),
          "beside slow",
          () -> beside(lab, order, gateway));
    }
  }

  private static Figures beside(Lab lab, WorkOrder order, GatewayProcess gateway) {
    var slow = order.with("limit", SLOW_BYTES_PER_SECOND);
    try (var client = lab.startBeside(slow, gateway)) {
      var figures = lab.measure(order, gateway);
      return figures.with("slow MB/s", client.figures().get("MB/s"));
    }
  }
}
