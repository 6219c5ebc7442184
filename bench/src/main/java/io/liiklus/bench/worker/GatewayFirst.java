package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceStub;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Time from Subscribe to the first record of any Receive. Immutable. */
final class GatewayFirst implements Work {

  private static final int RECORD_SECONDS = 30;

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var stub = LiiklusServiceGrpc.newStub(GatewayChannel.open(order));
    return FirstRecords.run(
        order,
        group -> {
          var first = new CompletableFuture<Void>();
          var calls = Context.current().withCancellation();
          var subscription =
              SubscribeRequest.newBuilder().setTopic(order.text("topic")).setGroup(group).build();
          calls.run(() -> stub.subscribe(subscription, new Assignments(stub, calls, first)));
          first.get(RECORD_SECONDS, TimeUnit.SECONDS);
          calls.cancel(null);
        });
  }

  /** Receives each partition that it is given. Thread-safe. */
  private record Assignments(
      LiiklusServiceStub stub, Context.CancellableContext calls, CompletableFuture<Void> first)
      implements StreamObserver<SubscribeReply> {
    @Override
    public void onNext(SubscribeReply reply) {
      var request = ReceiveRequest.newBuilder().setAssignment(reply.getAssignment()).build();
      calls.run(() -> stub.receive(request, new Records(first)));
    }

    @Override
    public void onError(Throwable cause) {
      first.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {}
  }

  /** Tells of the first record. Thread-safe. */
  private record Records(CompletableFuture<Void> first) implements StreamObserver<ReceiveReply> {
    @Override
    public void onNext(ReceiveReply reply) {
      first.complete(null);
    }

    @Override
    public void onError(Throwable cause) {
      first.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {}
  }
}
