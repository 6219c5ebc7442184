package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Many groups that read records of a database as they are written. Immutable. */
record SqlLive(SqlKind kind) implements Case {

  private static final int GROUPS = 25;
  private static final int BYTES = 100;
  private static final int BATCH = 500;

  /** A tenth of live-groups': databases take less than a broker. */
  private static final int BYTES_PER_LIVE_MB = 100_000;

  private static final String FETCHED = "liiklus_sql_fetched_records_total";

  static List<Case> all() {
    return Arrays.stream(SqlKind.values()).<Case>map(SqlLive::new).toList();
  }

  @Override
  public String title() {
    return kind.title() + "-live-groups";
  }

  @Override
  public String what() {
    return "%d groups at the end of a topic that gets a tenth of --live-mb a second, up to %d a reply"
        .formatted(GROUPS, BATCH);
  }

  @Override
  public Comparison run(Lab lab) {
    var runs = new ArrayList<Figures>();
    try (var gateway = lab.startGateway(kind.create(lab).settings())) {
      for (int i = 0; i < lab.options().pairs(); i++) {
        runs.add(measure(lab, gateway, "bench-" + i));
      }
    }
    return Comparison.alone(runs);
  }

  private static Figures measure(Lab lab, GatewayProcess gateway, String topic) {
    var feed = WorkOrder.of("gateway-feed").with("topic", topic).with("bytes", BYTES);
    // The topic is there before its groups are.
    lab.work(feed.with("records", SqlKind.PARTITIONS).with("gateway.port", gateway.port()));
    var receive =
        WorkOrder.of("gateway-receive")
            .with("topic", topic)
            .with("partitions", SqlKind.PARTITIONS)
            .with("records", Integer.MAX_VALUE)
            .with("groups", GROUPS)
            .with("batch", BATCH);
    double before = gateway.metric(FETCHED);
    var rate = lab.options().liveMb() * BYTES_PER_LIVE_MB;
    try (var writer = lab.startBeside(feed.with("rate", rate), gateway)) {
      var figures = lab.measure(receive, gateway);
      double written = writer.figures().get("records");
      // Groups that come in the midst read a little by themselves.
      return figures.with("fetched : written", (gateway.metric(FETCHED) - before) / written);
    }
  }
}
