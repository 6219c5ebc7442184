package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;

/** One kind of work. Immutable. */
@FunctionalInterface
interface Work {

  /** Does it, which takes the warm-up, the measured window and little more. */
  Figures run(WorkOrder order) throws Exception;
}
