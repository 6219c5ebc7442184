package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.TimeUnit;

/** Members of new groups, one after the other, each until its first record. Immutable. */
final class FirstRecords {

  /** Joins a new group and returns with its first record. */
  interface Join {
    void awaitFirst(String group) throws Exception;
  }

  private FirstRecords() {}

  static Figures run(WorkOrder order, Join join) throws Exception {
    long startNs = System.nanoTime();
    long warmNs = startNs + TimeUnit.SECONDS.toNanos(order.number("warm-up"));
    long endNs = warmNs + TimeUnit.SECONDS.toNanos(order.number("seconds"));
    var tookMs = new ArrayList<Double>();
    for (int i = 0; System.nanoTime() - endNs < 0; i++) {
      long beginNs = System.nanoTime();
      join.awaitFirst("bench-first-" + startNs + "-" + i);
      if (beginNs - warmNs >= 0) {
        tookMs.add((System.nanoTime() - beginNs) / 1e6);
      }
    }
    if (tookMs.isEmpty()) {
      throw new IllegalStateException("no record within " + order.number("seconds") + " s");
    }
    Collections.sort(tookMs);
    int last = tookMs.size() - 1;
    return Figures.of("joins", tookMs.size())
        .with("p50 ms", tookMs.get(last / 2))
        .with("p90 ms", tookMs.get(last * 9 / 10))
        .with("max ms", tookMs.get(last));
  }
}
