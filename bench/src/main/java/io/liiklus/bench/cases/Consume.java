package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;

/**
 * Rate at which a filled topic is read by one Consume with acks, beside a batched Receive of each
 * partition without. Immutable.
 */
record Consume() implements Case {

  private static final int BYTES = 100;
  private static final int BATCH = 500;

  /** More than of other cases, as each pass over the topic needs another group. */
  private static final int RECORDS = 600_000;

  private static final int PARTITIONS = 8;

  @Override
  public String title() {
    return "consume-" + BYTES;
  }

  @Override
  public String what() {
    return "values of %d bytes, up to %d a reply, one Consume with acks of each reply by up_to"
        .formatted(BYTES, BATCH);
  }

  @Override
  public Comparison run(Lab lab) {
    var topic = lab.load(new Topic(BYTES, PARTITIONS, RECORDS, false, PARTITIONS));
    var receive = order(topic, "gateway-receive");
    var consume = order(topic, "gateway-consume");
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          "receive",
          () -> lab.measure(receive, gateway),
          "consume",
          () -> lab.measure(consume, gateway));
    } finally {
      lab.delete(topic);
    }
  }

  private static WorkOrder order(Topic topic, String kind) {
    return Receive.order(topic, kind).with("batch", BATCH);
  }
}
