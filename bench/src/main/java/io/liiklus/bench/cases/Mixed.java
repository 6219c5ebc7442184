package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;

/**
 * Five groups at the end of a topic, alone and beside five that are far behind and five that are
 * slow. Immutable.
 */
record Mixed() implements Case {

  private static final int GROUPS = 5;
  private static final int BYTES = 1_000;
  private static final int RATE = 500;
  private static final int SLOW_BYTES_PER_SECOND = 1_000_000;

  @Override
  public String title() {
    return "mixed-groups";
  }

  @Override
  public String what() {
    return "publish to receive at %d/s for %d groups, alone and beside %d far behind and %d slow"
        .formatted(RATE, GROUPS, GROUPS, GROUPS);
  }

  @Override
  public Comparison run(Lab lab) {
    var topic = lab.load(Topic.of(BYTES, false, lab.options().topicMb()));
    var live =
        WorkOrder.of("gateway-latency")
            .with("topic", topic.name())
            .with("partitions", topic.partitions())
            .with("groups", GROUPS)
            .with("bytes", BYTES)
            .with("rate", RATE);
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          "alone",
          () -> lab.measure(live, gateway),
          "beside others",
          () -> beside(lab, topic, live, gateway));
    }
  }

  private static Figures beside(Lab lab, Topic topic, WorkOrder live, GatewayProcess gateway) {
    var behind = Receive.order(topic, "gateway-receive").with("groups", GROUPS).with("batch", 500);
    try (var fast = lab.startBeside(behind, gateway);
        var slow = lab.startBeside(behind.with("limit", SLOW_BYTES_PER_SECOND), gateway)) {
      var figures = lab.measure(live, gateway);
      return figures
          .with("behind MB/s", fast.figures().get("MB/s"))
          .with("slow MB/s", slow.figures().get("MB/s"));
    }
  }
}
