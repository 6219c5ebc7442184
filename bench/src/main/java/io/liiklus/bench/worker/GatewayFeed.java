package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writer of equal records through a gateway, one batch after the other: so many {@code records}, or
 * at an even rate for others to read. Immutable.
 */
final class GatewayFeed implements Work {

  private static final int BATCH = 200;
  private static final int ANSWER_SECONDS = 30;

  @Override
  public Figures run(WorkOrder order) {
    var record =
        PublishRequest.newBuilder()
            .setTopic(order.text("topic"))
            .setValue(ByteString.copyFrom(new byte[order.number("bytes")]))
            .build();
    var throttle = new Throttle(order.number("rate", 0), System.nanoTime());
    int wanted = order.number("records", Integer.MAX_VALUE);
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds(order));
    var channel = GatewayChannel.open(order);
    try {
      var stub = LiiklusServiceGrpc.newBlockingStub(channel);
      int records = 0;
      while (records < wanted && System.nanoTime() - endNs < 0) {
        int count = Math.min(BATCH, wanted - records);
        var request = PublishBatchRequest.newBuilder();
        for (int i = 0; i < count; i++) {
          request.addRequests(record);
        }
        var reply =
            stub.withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS).publishBatch(request.build());
        if (reply.getResultsList().stream().anyMatch(result -> result.hasError())) {
          throw new IllegalStateException("a record was refused: " + reply.getResults(0));
        }
        records += count;
        long bytes = (long) count * record.getValue().size();
        LockSupport.parkNanos(throttle.taken(bytes, System.nanoTime()));
      }
      return Figures.of("records", records);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Those of an order without a number of records. */
  private static long seconds(WorkOrder order) {
    return order.values().containsKey("records")
        ? TimeUnit.HOURS.toSeconds(1)
        : order.number("warm-up") + (long) order.number("seconds") + order.number("outlast", 0);
  }
}
