package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.UUID;

/**
 * Reader of all partitions over one connection, a Receive call for each, for one group or several.
 * Immutable.
 */
final class GatewayReceive implements Work {

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var channel = GatewayChannel.open(order);
    var demand = Demand.of(order.number("stalled", 0) == 1, order.number("limit", 0));
    var run = UUID.randomUUID();
    for (int i = 0; i < order.number("groups", 1); i++) {
      var subscription =
          SubscribeRequest.newBuilder()
              .setTopic(order.text("topic"))
              .setGroup("bench-" + i + "-" + run)
              .build();
      LiiklusServiceGrpc.newStub(channel)
          .subscribe(subscription, new Assignments(order, channel, meter, demand));
    }
    return meter.measure();
  }

  /** Receives each partition that it is given. Confined to the connection's thread. */
  private record Assignments(WorkOrder order, Channel channel, Meter meter, Demand demand)
      implements StreamObserver<SubscribeReply> {

    @Override
    public void onNext(SubscribeReply reply) {
      var request =
          ReceiveRequest.newBuilder()
              .setAssignment(reply.getAssignment())
              .setFormatValue(order.number("event", 0))
              .setMaxBatchRecords(order.number("batch", 0))
              .build();
      long last = order.number("records") - 1L;
      new ReceiveRun(channel, meter, demand, request, last).start();
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
