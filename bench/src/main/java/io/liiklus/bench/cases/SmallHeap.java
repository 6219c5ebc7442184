package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.JvmProbe;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import java.util.Map;

/**
 * A small heap in front of a large backlog: clients that read, alone and beside as many that have
 * stopped reading. Immutable.
 */
record SmallHeap() implements Case {

  private static final int BYTES = 1_000;
  private static final int PARTITIONS = 32;

  /** A gigabyte in each of the two topics. */
  private static final int RECORDS = 31_250;

  private static final String HEAP = "-Xmx256m";

  @Override
  public String title() {
    return "memory";
  }

  @Override
  public String what() {
    return "%s, 2 x %d partitions, 2 GB; half is read, alone and while the other half has stalled"
        .formatted(HEAP, PARTITIONS);
  }

  @Override
  public Comparison run(Lab lab) {
    var read = lab.load(new Topic(BYTES, PARTITIONS, RECORDS, false, PARTITIONS));
    // One record less: another topic, and else the same.
    var stalled = lab.load(new Topic(BYTES, PARTITIONS, RECORDS - 1, false, PARTITIONS));
    var order = Receive.order(read, "gateway-receive");
    var stalledOrder = Receive.order(stalled, "gateway-receive").with("stalled", 1);
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY, HEAP, Map.of())) {
      return Comparison.inTurn(
          lab.options().pairs(),
          "alone",
          () -> withMemory(lab.measure(order, gateway), gateway),
          "beside stalled",
          () -> beside(lab, order, stalledOrder, gateway));
    } finally {
      lab.delete(read);
      lab.delete(stalled);
    }
  }

  private static Figures beside(
      Lab lab, WorkOrder order, WorkOrder stalledOrder, GatewayProcess gateway) {
    try (var client = lab.startBeside(stalledOrder, gateway)) {
      var figures = withMemory(lab.measure(order, gateway), gateway);
      client.requireRunning();
      return figures;
    }
  }

  private static Figures withMemory(Figures figures, GatewayProcess gateway) {
    if (!gateway.isAlive()) {
      throw new IllegalStateException("the gateway has ended\n" + gateway.logTail());
    }
    var footprint = JvmProbe.of(gateway.pid());
    return figures
        .with("heap MB", footprint.heapKb() / 1e3)
        .with("RSS MB", footprint.rssKb() / 1e3);
  }
}
