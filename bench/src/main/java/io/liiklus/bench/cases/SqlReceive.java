package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.util.Arrays;
import java.util.List;

/**
 * Rate at which a backlog in a database is read, beside a loop that selects the same rows.
 * Immutable.
 */
record SqlReceive(SqlKind kind) implements Case {

  private static final int BYTES = 100;
  private static final int BATCH = 500;
  private static final int MAX_RECORDS = 50_000;
  private static final long MB = 1_000_000;
  private static final String TOPIC = "bench";

  static List<Case> all() {
    return Arrays.stream(SqlKind.values()).<Case>map(SqlReceive::new).toList();
  }

  @Override
  public String title() {
    return kind.title() + "-receive-batched";
  }

  @Override
  public String what() {
    return "values of %d bytes, raw, up to %d a reply, and a select of the bare loop"
        .formatted(BYTES, BATCH);
  }

  @Override
  public Comparison run(Lab lab) {
    var database = kind.create(lab);
    long inTopic = lab.options().topicMb() * MB / BYTES / SqlKind.PARTITIONS;
    int records = (int) Math.min(MAX_RECORDS, inTopic);
    var bare = database.order("jdbc-receive").with("topic", TOPIC).with("batch", BATCH);
    var ofGateway =
        WorkOrder.of("gateway-receive")
            .with("topic", TOPIC)
            .with("partitions", SqlKind.PARTITIONS)
            .with("records", records)
            .with("batch", BATCH);
    try (var gateway = lab.startGateway(database.settings())) {
      // Without keys the partitions get the same number each.
      lab.work(
          WorkOrder.of("gateway-feed")
              .with("topic", TOPIC)
              .with("bytes", BYTES)
              .with("records", records * SqlKind.PARTITIONS)
              .with("gateway.port", gateway.port()));
      return Comparison.inTurn(
          lab.options().pairs(), () -> lab.measure(bare), () -> lab.measure(ofGateway, gateway));
    }
  }
}
