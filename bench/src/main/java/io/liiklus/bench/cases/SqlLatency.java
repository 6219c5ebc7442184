package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import java.util.Arrays;
import java.util.List;

/**
 * Time of a record from publisher to receiver through a database: within one gateway on a file,
 * from one gateway to another on a server. Immutable.
 */
record SqlLatency(SqlKind kind) implements Case {

  private static final int RATE = 500;
  private static final int BYTES = 100;

  /** Default of sql.pollInterval. */
  private static final int POLL_MS = 50;

  static List<Case> all() {
    return Arrays.stream(SqlKind.values()).<Case>map(SqlLatency::new).toList();
  }

  @Override
  public String title() {
    return kind.title() + "-latency-" + RATE;
  }

  @Override
  public String what() {
    return "publish to receive, %,d records/s of %d bytes, from the intended time on, %s"
        .formatted(
            RATE,
            BYTES,
            kind == SqlKind.SQLITE
                ? "in one gateway"
                : "from one gateway to another; bare: a select each %d ms".formatted(POLL_MS));
  }

  @Override
  public Comparison run(Lab lab) {
    var bare =
        timed(
            kind.create(lab)
                .order("jdbc-latency")
                .with("poll", kind == SqlKind.SQLITE ? 0 : POLL_MS));
    var settings = kind.create(lab).settings();
    try (var gateway = lab.startGateway(settings);
        var other = kind == SqlKind.SQLITE ? null : lab.startGateway(settings)) {
      var publisher = other == null ? gateway : other;
      return Comparison.inTurn(
          lab.options().pairs(), () -> lab.measure(bare), () -> measure(lab, gateway, publisher));
    }
  }

  private static Figures measure(Lab lab, GatewayProcess gateway, GatewayProcess publisher) {
    var topic = "bench-" + System.nanoTime();
    lab.work(
        WorkOrder.of("gateway-feed")
            .with("topic", topic)
            .with("bytes", BYTES)
            .with("records", SqlKind.PARTITIONS)
            .with("gateway.port", publisher.port()));
    return lab.measure(
        timed(WorkOrder.of("gateway-latency"))
            .with("topic", topic)
            .with("partitions", SqlKind.PARTITIONS)
            .with("publisher.port", publisher.port()),
        gateway);
  }

  private static WorkOrder timed(WorkOrder order) {
    return order.with("bytes", BYTES).with("rate", RATE);
  }
}
