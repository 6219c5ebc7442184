package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;

/**
 * Reader of all partitions by one Consume call, which acks each reply by its last record. At the
 * end of the topic another group goes on from its start, which has joined meanwhile. Immutable.
 */
final class GatewayConsume implements Work {

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    new ConsumeRun(GatewayChannel.open(order), meter, order).start();
    return meter.measure();
  }
}
