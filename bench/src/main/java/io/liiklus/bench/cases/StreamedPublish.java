package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.util.List;

/**
 * Publishes by one PublishStream beside the same publishes by calls, to one gateway. Immutable.
 *
 * @param batch records in a request of the stream
 * @param isBesideBatches whether the calls are PublishBatch, of as many records; else they are
 *     Publish, with as many records on their way
 */
record StreamedPublish(int batch, boolean isBesideBatches) implements Case {

  private static final int PARTITIONS = 8;
  private static final int BYTES = 100;
  private static final int BATCH = 200;
  private static final int IN_FLIGHT = 16;

  static List<Case> all() {
    return List.of(
        new StreamedPublish(1, false),
        new StreamedPublish(IN_FLIGHT, false),
        new StreamedPublish(BATCH, true));
  }

  @Override
  public String title() {
    return "publish-%d-stream-%d".formatted(BYTES, batch);
  }

  @Override
  public String what() {
    return "values of %d bytes, %d a request of a stream, beside %s; %,d records on their way"
        .formatted(BYTES, batch, isBesideBatches ? "PublishBatch" : "Publish", batch * IN_FLIGHT);
  }

  @Override
  public Comparison run(Lab lab) {
    var order =
        WorkOrder.of("gateway-publish")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("bytes", BYTES)
            .with("in-flight", batch * IN_FLIGHT);
    var calls = order.with("batch", isBesideBatches ? batch : 0);
    var stream = order.with("batch", batch).with("stream", 1);
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          "calls",
          () -> lab.measure(calls, gateway),
          "stream",
          () -> lab.measure(stream, gateway));
    } finally {
      lab.kafka().deleteTopic(order.text("topic"));
    }
  }
}
