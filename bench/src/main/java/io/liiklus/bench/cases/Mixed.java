package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.process.WorkerProcess;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Comparison.Side;
import io.liiklus.bench.report.Figures;
import java.util.ArrayList;
import java.util.List;

/**
 * Five groups at the end of a topic beside five that are far behind and five that are slow, all of
 * them the gateway's. Immutable.
 *
 * @param isBesideBare the base of the comparison: the five at the end while bare clients read
 *     beside them, just as fast, what the others read, so that all that differs is that these are
 *     the gateway's; else those five alone
 */
record Mixed(boolean isBesideBare) implements Case {

  private static final int GROUPS = 5;
  private static final int BYTES = 1_000;
  private static final int RATE = 500;
  private static final int SLOW_BYTES_PER_SECOND = 1_000_000;
  private static final String BEHIND = "behind MB/s";

  static List<Case> all() {
    return List.of(new Mixed(false), new Mixed(true));
  }

  @Override
  public String title() {
    return isBesideBare ? "mixed-groups-bare" : "mixed-groups";
  }

  @Override
  public String what() {
    return "publish to receive at %d/s for %d groups, %s and beside %d far behind and %d slow"
        .formatted(RATE, GROUPS, isBesideBare ? "beside bare clients" : "alone", GROUPS, GROUPS);
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
      return isBesideBare
          ? withBare(lab, topic, live, gateway)
          : Comparison.inTurn(
              lab.options().pairs(),
              "alone",
              () -> lab.measure(live, gateway),
              "beside others",
              () -> beside(lab, topic, live, gateway));
    }
  }

  /** How fast the bare clients are to read is known only behind the gateway's. */
  private static Comparison withBare(Lab lab, Topic topic, WorkOrder live, GatewayProcess gateway) {
    var ofBare = new ArrayList<Figures>();
    var ofGateway = new ArrayList<Figures>();
    for (int i = 0; i < lab.options().pairs(); i++) {
      var figures = beside(lab, topic, live, gateway);
      ofGateway.add(figures);
      ofBare.add(besideBare(lab, topic, live, gateway, figures.get(BEHIND) * 1e6));
    }
    return new Comparison(
        new Side("beside bare clients", ofBare), new Side("beside others", ofGateway));
  }

  private static Figures beside(Lab lab, Topic topic, WorkOrder live, GatewayProcess gateway) {
    var behind = Receive.order(topic, "gateway-receive").with("groups", GROUPS).with("batch", 500);
    try (var fast = lab.startBeside(behind, gateway);
        var slow = lab.startBeside(behind.with("limit", SLOW_BYTES_PER_SECOND), gateway)) {
      return measure(lab, live, gateway, fast, slow);
    }
  }

  private static Figures besideBare(
      Lab lab, Topic topic, WorkOrder live, GatewayProcess gateway, double bytesPerSecond) {
    var behind = Receive.order(topic, "bare-receive").with("groups", GROUPS);
    // A limit of bare clients is that of each.
    try (var fast = lab.startBareBeside(behind.with("limit", (int) bytesPerSecond / GROUPS));
        var slow = lab.startBareBeside(behind.with("limit", SLOW_BYTES_PER_SECOND / GROUPS))) {
      return measure(lab, live, gateway, fast, slow);
    }
  }

  private static Figures measure(
      Lab lab, WorkOrder live, GatewayProcess gateway, WorkerProcess fast, WorkerProcess slow) {
    var figures = lab.measure(live, gateway);
    return figures
        .with(BEHIND, fast.figures().get("MB/s"))
        .with("slow MB/s", slow.figures().get("MB/s"));
  }
}
