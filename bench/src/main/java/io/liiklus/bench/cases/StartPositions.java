package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.JvmProbe;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A start on many positions in Kafka, beside one on none. Immutable.
 *
 * @param partitions of each group
 */
record StartPositions(int partitions) implements Case {

  private static final int POSITIONS = 1_000_000;
  private static final String TOPIC = "kafka.positions.topic";
  private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

  static List<Case> all() {
    return List.of(new StartPositions(100), new StartPositions(1));
  }

  @Override
  public String title() {
    return "positions-" + partitions;
  }

  @Override
  public String what() {
    return "from the start of bin/liiklus until /health is 200, on %,d positions in Kafka, %,d a group"
        .formatted(POSITIONS, partitions);
  }

  @Override
  public Comparison run(Lab lab) {
    var full = "bench-positions-" + partitions;
    lab.kafka().createTopic(full, 1, COMPACTED);
    lab.work(
        WorkOrder.of("load-positions")
            .with("brokers", lab.kafka().bootstrapServers())
            .with("topic", full)
            .with("groups", POSITIONS / partitions)
            .with("partitions", partitions));
    var empty = full + "-none";
    lab.kafka().createTopic(empty, 1, COMPACTED);
    return Comparison.inTurn(
        lab.options().pairs(),
        "no positions",
        () -> start(lab, empty),
        "positions",
        () -> start(lab, full));
  }

  private static Figures start(Lab lab, String topic) {
    var settings = new LinkedHashMap<>(lab.settings(Lab.Positions.KAFKA));
    settings.put(TOPIC, topic);
    try (var gateway = GatewayProcess.start(lab.options().gatewayOptions(), settings)) {
      double tookMs = gateway.awaitHealthy().toNanos() / 1e6;
      var footprint = JvmProbe.of(gateway.pid());
      return Figures.of("ready ms", tookMs)
          .with("heap MB", footprint.heapKb() / 1024.0)
          .with("RSS MB", footprint.rssKb() / 1024.0);
    }
  }
}
