package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Acks as fast as they are answered, a bounded number of them under way, over one connection: half
 * of the positions by their session, half without one. Each ack of a position has the next offset.
 * Immutable.
 */
final class GatewayAck implements Work {

  private static final int ASSIGNED_SECONDS = 30;

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var channel = GatewayChannel.open(order);
    var positions = new ArrayList<AckRequest>();
    positions.addAll(ofSessions(order, channel, meter));
    positions.addAll(withoutSession(order));
    var method =
        LiiklusServiceGrpc.getAckMethod().toBuilder(new EncodedRequest(), new OneReply()).build();
    int lanes = order.number("in-flight");
    for (int i = 0; i < lanes; i++) {
      var requests = new AckBytes(positions.get(i % positions.size()));
      new CallLane(channel, method, requests::next, meter).next();
    }
    meter.warmUp();
    try (var writes = PositionWrites.of(order)) {
      long before = writes.count();
      var figures = meter.window();
      double written = writes.count() - before;
      return figures.with("storage writes/s", written / order.number("seconds"));
    }
  }

  private static List<AckRequest> withoutSession(WorkOrder order) {
    var positions = new ArrayList<AckRequest>();
    for (int group = 0; group < order.number("groups"); group++) {
      for (int partition = 0; partition < order.number("partitions"); partition++) {
        positions.add(
            AckRequest.newBuilder()
                .setTopic(order.text("topic"))
                .setGroup("bench-no-session-" + group)
                .setPartition(partition)
                .build());
      }
    }
    return positions;
  }

  @SuppressWarnings("deprecation") // Clients of the original ack so.
  private static List<AckRequest> ofSessions(WorkOrder order, ManagedChannel channel, Meter meter)
      throws InterruptedException {
    var assignments = new LinkedBlockingQueue<Assignment>();
    for (int group = 0; group < order.number("groups"); group++) {
      LiiklusServiceGrpc.newStub(channel)
          .subscribe(
              SubscribeRequest.newBuilder()
                  .setTopic(order.text("topic"))
                  .setGroup("bench-" + group + "-" + UUID.randomUUID())
                  .build(),
              new Assignments(assignments, meter));
    }
    var positions = new ArrayList<AckRequest>();
    for (int i = 0; i < order.number("groups") * order.number("partitions"); i++) {
      var assignment = assignments.poll(ASSIGNED_SECONDS, TimeUnit.SECONDS);
      if (assignment == null) {
        throw new IllegalStateException("not assigned within " + ASSIGNED_SECONDS + " s");
      }
      positions.add(AckRequest.newBuilder().setAssignment(assignment).build());
    }
    return positions;
  }

  /** Hands assignments over. Thread-safe. */
  private record Assignments(BlockingQueue<Assignment> assignments, Meter meter)
      implements StreamObserver<SubscribeReply> {
    @Override
    public void onNext(SubscribeReply reply) {
      assignments.add(reply.getAssignment());
    }

    @Override
    public void onError(Throwable failure) {
      meter.fail(failure);
    }

    @Override
    public void onCompleted() {
      meter.fail(Status.UNAVAILABLE.withDescription("Subscribe has ended").asException());
    }
  }
}
