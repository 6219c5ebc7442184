package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;

/** Many groups that read records as they are written; bare: one consumer that does. Immutable. */
record Live() implements Case {

  private static final int GROUPS = 25;
  private static final int PARTITIONS = 8;
  private static final int BYTES = 100;
  private static final int BATCH = 500;
  private static final String FETCHED = "liiklus_kafka_fetched_records_total";

  @Override
  public String title() {
    return "live-groups";
  }

  @Override
  public String what() {
    return "%d groups at the end of a topic that gets --live-mb a second of %d bytes, up to %d a reply"
        .formatted(GROUPS, BYTES, BATCH);
  }

  @Override
  public Comparison run(Lab lab) {
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(), () -> bare(lab), () -> ofGateway(lab, gateway));
    }
  }

  private static Figures bare(Lab lab) {
    var order = receive(lab, "bare-receive");
    try (var feed = lab.startBareBeside(feed(lab, order))) {
      var figures = lab.measureBare(order);
      // It goes on for a little, and would be in the way of the next run.
      var unused = feed.figures();
      return figures;
    }
  }

  private static Figures ofGateway(Lab lab, GatewayProcess gateway) {
    var order = receive(lab, "gateway-receive").with("groups", GROUPS).with("batch", BATCH);
    double before = gateway.metric(FETCHED);
    try (var feed = lab.startBareBeside(feed(lab, order))) {
      var figures = lab.measure(order, gateway);
      double written = feed.figures().get("records");
      // Groups that come in the midst read a little by themselves.
      return figures.with("fetched : written", (gateway.metric(FETCHED) - before) / written);
    }
  }

  private static WorkOrder receive(Lab lab, String kind) {
    return WorkOrder.of(kind)
        .with("topic", lab.emptyTopic(PARTITIONS))
        .with("partitions", PARTITIONS)
        .with("records", Integer.MAX_VALUE);
  }

  private static WorkOrder feed(Lab lab, WorkOrder receive) {
    return WorkOrder.of("feed")
        .with("topic", receive.text("topic"))
        .with("partitions", PARTITIONS)
        .with("bytes", BYTES)
        .with("rate", lab.options().liveMb() * 1_000_000);
  }
}
